namespace Engine.Kernels;

/// <summary>What computes.</summary>
public enum BackendKind
{
    /// <summary>Scalar C# with float64 accumulation: the definition of every op.</summary>
    Reference,

    /// <summary>SIMD C# on the processor.</summary>
    Host,

    /// <summary>ILGPU kernels on an NVIDIA GPU.</summary>
    Cuda,

    /// <summary>ILGPU kernels through OpenCL.</summary>
    OpenCl,

    /// <summary>ILGPU kernels on ILGPU's simulation of a GPU, for debugging.</summary>
    CpuDebug,
}
