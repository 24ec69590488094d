namespace Engine.Kernels.Device;

/// <summary>How many rows of C a product of few rows has sums for.</summary>
internal interface IRowCount
{
    /// <summary>One or four.</summary>
    static abstract int Count { get; }
}
