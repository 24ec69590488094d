namespace Engine.Kernels.Device;

/// <summary>Arguments of the products of few rows.</summary>
internal struct FewRowsArgs
{
    /// <summary>As for all products.</summary>
    public GemmKernelArgs Product;

    /// <summary>Columns of C that a group computes.</summary>
    public int Columns;
}
