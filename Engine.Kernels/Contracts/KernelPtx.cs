using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels;

/// <summary>What NVIDIA GPUs get of the device kernels. Needs neither a GPU nor a driver.</summary>
public static class KernelPtx
{
    private static readonly CudaArchitecture[] Compiled =
        [CudaArchitecture.SM_80, CudaArchitecture.SM_86, CudaArchitecture.SM_89, CudaArchitecture.SM_90];

    /// <summary>Names of all kernels, sorted.</summary>
    public static IReadOnlyList<string> Kernels { get; } = [.. KernelCatalogue.All.Select(static kernel => kernel.Name)];

    /// <summary>Names of architectures, oldest first, for example "sm_80".</summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. Compiled.Select(NameOf)];

    /// <summary>Compiles one kernel.</summary>
    /// <param name="kernel">One of <see cref="Kernels"/>.</param>
    /// <param name="architecture">One of <see cref="Architectures"/>.</param>
    /// <returns>The PTX text.</returns>
    /// <exception cref="ArgumentException">There is no such kernel or architecture.</exception>
    public static string Compile(string kernel, string architecture)
    {
        IDeviceKernel found = KernelCatalogue.Find(kernel)
            ?? throw new ArgumentException($"There is no kernel '{kernel}'.", nameof(kernel));
        using PtxCompiler compiler = new(ArchitectureOf(architecture));
        return compiler.Compile(found);
    }

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="ArgumentException">There is no such architecture.</exception>
    internal static CudaArchitecture ArchitectureOf(string name)
    {
        int index = Array.FindIndex(Compiled, candidate => NameOf(candidate) == name);
        return index >= 0
            ? Compiled[index]
            : throw new ArgumentException($"Expected one of {string.Join(", ", Architectures)}, found '{name}'.", nameof(name));
    }

    private static string NameOf(CudaArchitecture architecture) => $"sm_{architecture.Major}{architecture.Minor}";
}
