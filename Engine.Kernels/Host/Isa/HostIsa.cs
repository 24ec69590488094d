namespace Engine.Kernels.Host;

/// <summary>Instruction sets that the host backend has kernels for.</summary>
public enum HostIsa
{
    /// <summary><see cref="System.Numerics.Vector{T}"/> of whatever width the runtime offers.</summary>
    Portable,

    /// <summary>AVX2 with FMA: eight floats.</summary>
    Avx2,

    /// <summary>AVX-512F: sixteen floats.</summary>
    Avx512,
}
