using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Moves four neighbouring elements of a row, or those of them that the row has.</summary>
internal interface IRowAccess
{
    /// <summary>For names of kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Elements from <paramref name="index"/> on, zero for those beyond <paramref name="count"/>, which may be
    /// negative.</summary>
    static abstract Float4 Load(ArrayView<float> view, long index, int count);

    /// <summary>Elements of a row from a column on, loaded in any case: where the row has no such columns, what it has elsewhere.</summary>
    /// <param name="rows">Where the row is.</param>
    /// <param name="token">Number of the row; there is one.</param>
    /// <param name="column">A multiple of four.</param>
    static abstract Float4 LoadAlways(HeadRows rows, int token, int column);

    /// <summary>Writes the first <paramref name="count"/>, which may be negative, at most four.</summary>
    static abstract void Store(ArrayView<float> view, long index, Float4 value, int count);
}
