using System;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels.Host;

/// <summary>Chooses the instruction set, once per backend.</summary>
public static class HostIsaProbe
{
    /// <summary>Environment variable that forces a set: avx512, avx2 or portable. For tests and measurements.</summary>
    public const string EnvironmentVariable = "FUSION_ISA";

    /// <summary>The best set that the processor and the runtime's switches allow.</summary>
    public static HostIsa Best =>
        Avx512F.IsSupported && Avx512DQ.IsSupported && Fma.IsSupported ? HostIsa.Avx512
        : Avx2.IsSupported && Fma.IsSupported ? HostIsa.Avx2
        : HostIsa.Portable;

    /// <summary>A set's name for people.</summary>
    public static string NameOf(HostIsa isa) => isa switch
    {
        HostIsa.Avx512 => "AVX-512",
        HostIsa.Avx2 => "AVX2",
        _ => "portable SIMD",
    };

    /// <summary>The forced set if there is one, else <see cref="Best"/>.</summary>
    /// <exception cref="BackendException">The forced set is unknown or not supported here.</exception>
    public static HostIsa Choose()
    {
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (string.IsNullOrEmpty(forced))
        {
            return Best;
        }

        HostIsa isa = forced.ToUpperInvariant() switch
        {
            "AVX512" => HostIsa.Avx512,
            "AVX2" => HostIsa.Avx2,
            "PORTABLE" => HostIsa.Portable,
            _ => throw new BackendException($"{EnvironmentVariable} is '{forced}'; expected avx512, avx2 or portable."),
        };
        return isa <= Best ? isa : throw new BackendException($"{EnvironmentVariable} asks for {isa}; this processor supports {Best}.");
    }
}
