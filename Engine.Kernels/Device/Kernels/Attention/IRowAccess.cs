using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Moves four neighbouring elements of a row, or those of them that the row has.</summary>
internal interface IRowAccess
{
    /// <summary>Elements from <paramref name="index"/> on, zero for those beyond <paramref name="count"/>, which may be negative.</summary>
    static abstract Float4 Load(ArrayView<float> view, long index, int count);

    /// <summary>Writes the first <paramref name="count"/>, which may be negative, at most four.</summary>
    static abstract void Store(ArrayView<float> view, long index, Float4 value, int count);
}
