using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>16 bytes at once: addresses, strides and row lengths are multiples of four elements.</summary>
internal readonly struct AlignedRows : IRowAccess
{
    public static string Name => "aligned";

    public static Float4 Load(ArrayView<float> view, long index, int count) =>
        count > 0 ? Float4.Load(view, index >> 2) : default;

    // What is the same for all tokens stands apart, so that the driver's compiler can take it out of a loop.
    public static Float4 LoadAlways(HeadRows rows, int token, int column) => Float4.Load(
        rows.Elements,
        ((rows.First + IntrinsicMath.Min(column, rows.Columns - Float4.Width)) >> 2) + ((long)token * (rows.Stride >> 2)));

    public static void Store(ArrayView<float> view, long index, Float4 value, int count)
    {
        if (count > 0)
        {
            Float4.Store(view, index >> 2, value);
        }
    }
}
