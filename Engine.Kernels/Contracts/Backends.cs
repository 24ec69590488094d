using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;

namespace Engine.Kernels;

/// <summary>Creates backends by name.</summary>
public static class Backends
{
    /// <summary>Environment variable that names the backend when the caller does not.</summary>
    public const string EnvironmentVariable = "FUSION_DEVICE";

    /// <summary>SIMD on the processor.</summary>
    public const string Host = "host";

    /// <summary>The definition of every op, slow.</summary>
    public const string Reference = "reference";

    /// <summary>An NVIDIA GPU.</summary>
    public const string Cuda = "cuda";

    /// <summary>A GPU of any vendor, through OpenCL.</summary>
    public const string OpenCl = "opencl";

    /// <summary>Names of backends that compute in the processor's memory: what trains and evaluates, since ensembles read tensors
    /// there.</summary>
    public static readonly string[] HostNames = [Host, Reference];

    /// <summary>Names that <see cref="Create"/> accepts.</summary>
    public static readonly string[] Names = [.. HostNames, Cuda, OpenCl];

    /// <summary>The backend named by FUSION_DEVICE, else the fastest one, of those in the processor's memory.</summary>
    /// <param name="threads">Worker threads of the host backend; 0 for one per physical core.</param>
    /// <exception cref="BackendException">FUSION_DEVICE names something else than one of <see cref="HostNames"/>.</exception>
    public static IBackend Best(int threads = 0)
    {
        string name = Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named ? named : Host;
        return HostNames.Contains(name)
            ? Create(name, threads)
            : throw new BackendException($"{EnvironmentVariable} is '{name}'; expected one of: {string.Join(", ", HostNames)}.");
    }

    /// <summary>Creates a backend.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="threads">Worker threads of the host backend; 0 for one per physical core.</param>
    /// <param name="precision">What operands of matrix products are rounded to; only NVIDIA GPUs with tensor cores and the reference
    /// round.</param>
    /// <exception cref="BackendException">There is no such backend, or no device for it, or it lacks the precision.</exception>
    public static IBackend Create(string name, int threads = 0, Precision precision = Precision.Float32) => name switch
    {
        Host when precision != Precision.Float32 => throw DeviceTraits.LacksPrecision($"'{name}'", precision),
        Host => new HostBackend(threads),
        Reference => new ReferenceBackend(DType.F32, precision),
        Cuda or OpenCl => DeviceDiscovery.Open(name, precision),
        _ => throw new BackendException($"There is no device '{name}'; expected one of: {string.Join(", ", Names)}."),
    };

    /// <summary>What could compute here: the processor first, then GPUs that drivers show, usable or not.</summary>
    public static IReadOnlyList<DeviceDescription> Devices() => DeviceDiscovery.Describe();
}
