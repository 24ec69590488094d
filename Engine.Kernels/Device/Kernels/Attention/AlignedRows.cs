using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>16 bytes at once: addresses, strides and row lengths are multiples of four elements.</summary>
internal readonly struct AlignedRows : IRowAccess
{
    public static string Name => "aligned";

    public static Float4 Load(ArrayView<float> view, long index, int count) =>
        count > 0 ? Float4.Load(view, index >> 2) : default;

    public static Float4 LoadAlways(ArrayView<float> view, long first, int column, int columns) =>
        Float4.Load(view, (first + IntrinsicMath.Min(column, columns - Float4.Width)) >> 2);

    public static void Store(ArrayView<float> view, long index, Float4 value, int count)
    {
        if (count > 0)
        {
            Float4.Store(view, index >> 2, value);
        }
    }
}
