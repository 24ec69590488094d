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
    /// <param name="view">Where the row is.</param>
    /// <param name="first">Index of its first element.</param>
    /// <param name="column">A multiple of four.</param>
    /// <param name="columns">Elements of the row.</param>
    static abstract Float4 LoadAlways(ArrayView<float> view, long first, int column, int columns);

    /// <summary>Writes the first <paramref name="count"/>, which may be negative, at most four.</summary>
    static abstract void Store(ArrayView<float> view, long index, Float4 value, int count);
}
