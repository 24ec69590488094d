namespace Engine.Kernels.Device;

/// <summary>Arguments of the products on tensor cores.</summary>
internal struct TensorGemmArgs
{
    /// <summary>As for all products; both operands in the kernel's format.</summary>
    public GemmKernelArgs Product;

    /// <summary>Where A begins: the address of its view, because inline PTX takes numbers only.</summary>
    public long AddressA;

    /// <summary>Where B begins.</summary>
    public long AddressB;
}
