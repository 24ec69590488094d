using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Four elements: sixteen bytes of float32, eight of a 16-bit format. Views and rows begin at multiples of four elements. Not eight
/// elements, because then the float32 ones beside a 16-bit operand would be two loads of half a sector of each lane; so the accesses of a
/// warp fill whole sectors on both sides.
/// </summary>
internal readonly struct VectorAccess : IElementAccess
{
    public static string Suffix => "_vector";

    public static int Width => Float4.Width;

    public static Float4 Load(ArrayView<float> view, long index) => Float4.Load(view, index);

    public static void Store(ArrayView<float> view, long index, Float4 value) => Float4.Store(view, index, value);

    public static Float4 Load<TFormat, TElement>(ArrayView<TElement> view, long index)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
        TFormat.Load4(view, index);

    public static void Store<TFormat, TElement>(ArrayView<TElement> view, long index, Float4 value)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
        TFormat.Store4(view, index, value);

    public static float Sum(Float4 value) => Float4.Sum(value);

    public static float Largest(Float4 value) => Float4.Largest(value);
}
