namespace Engine.Kernels.Device;

/// <summary>How many tiles of <see cref="AttentionTile.Size"/> columns a head takes. A constant of the compiled kernel: sums of columns that no
/// head has would take registers.</summary>
internal interface IHeadWidth
{
    /// <summary>1 or 2.</summary>
    static abstract int Chunks { get; }

    /// <summary>Groups that a multiprocessor's registers must suffice for.</summary>
    static abstract int GroupsPerMultiprocessor { get; }
}
