using System.Runtime.InteropServices;

namespace Engine.Kernels.Device;

/// <summary>CUDA_KERNEL_NODE_PARAMS as of CUDA 10, which the functions without a version in their name take.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudaKernelNode
{
    public nint Function;
    public uint GridX;
    public uint GridY;
    public uint GridZ;
    public uint GroupX;
    public uint GroupY;
    public uint GroupZ;
    public uint DynamicSharedBytes;

    /// <summary>One pointer per parameter; the kernels have one parameter, their arguments.</summary>
    public void** Parameters;
    public void** Extra;
}
