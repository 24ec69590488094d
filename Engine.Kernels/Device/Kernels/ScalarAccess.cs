using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>One element, anywhere: X. What is computed of the other three is used by nobody, so that compilers leave it out.</summary>
internal readonly struct ScalarAccess : IElementAccess
{
    public static string Suffix => "";

    public static int Width => 1;

    public static Float4 Load(ArrayView<float> view, long index) => Load<Float32Format, float>(view, index);

    public static void Store(ArrayView<float> view, long index, Float4 value) => Store<Float32Format, float>(view, index, value);

    public static Float4 Load<TFormat, TElement>(ArrayView<TElement> view, long index)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
        new() { X = TFormat.Load(view, index) };

    public static void Store<TFormat, TElement>(ArrayView<TElement> view, long index, Float4 value)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
        TFormat.Store(view, index, value.X);

    public static float Sum(Float4 value) => value.X;

    public static float Largest(Float4 value) => value.X;
}
