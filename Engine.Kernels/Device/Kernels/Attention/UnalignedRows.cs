using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Element by element, wherever they lie.</summary>
internal readonly struct UnalignedRows : IRowAccess
{
    public static string Name => "unaligned";

    public static Float4 Load(ArrayView<float> view, long index, int count) => new(
        count > 0 ? view[index] : 0,
        count > 1 ? view[index + 1] : 0,
        count > 2 ? view[index + 2] : 0,
        count > 3 ? view[index + 3] : 0);

    public static Float4 LoadAlways(HeadRows rows, int token, int column) => new(
        ElementAlways(rows, token, column),
        ElementAlways(rows, token, column + 1),
        ElementAlways(rows, token, column + 2),
        ElementAlways(rows, token, column + 3));

    public static void Store(ArrayView<float> view, long index, Float4 value, int count)
    {
        if (count > 0)
        {
            view[index] = value.X;
        }

        if (count > 1)
        {
            view[index + 1] = value.Y;
        }

        if (count > 2)
        {
            view[index + 2] = value.Z;
        }

        if (count > 3)
        {
            view[index + 3] = value.W;
        }
    }

    private static float ElementAlways(HeadRows rows, int token, int column) =>
        rows.Elements[rows.First + ((long)token * rows.Stride) + IntrinsicMath.Min(column, rows.Columns - 1)];
}
