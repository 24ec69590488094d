using System;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;

namespace Engine.Kernels;

/// <summary>Creates backends by name.</summary>
public static class Backends
{
    /// <summary>Environment variable that names the backend when the caller does not.</summary>
    public const string EnvironmentVariable = "FUSION_DEVICE";

    /// <summary>Names that <see cref="Create"/> accepts.</summary>
    public static readonly string[] Names = ["host", "reference"];

    /// <summary>The backend named by FUSION_DEVICE, else the fastest one present.</summary>
    /// <param name="threads">Worker threads of the host backend; 0 for one per physical core.</param>
    /// <exception cref="BackendException">The named backend does not exist.</exception>
    public static IBackend Best(int threads = 0) =>
        Create(Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } name ? name : "host", threads);

    /// <summary>Creates a backend.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="threads">Worker threads of the host backend; 0 for one per physical core.</param>
    /// <exception cref="BackendException">There is no such backend.</exception>
    public static IBackend Create(string name, int threads = 0) => name switch
    {
        "host" => new HostBackend(threads),
        "reference" => new ReferenceBackend(),
        _ => throw new BackendException($"There is no device '{name}'; expected one of: {string.Join(", ", Names)}."),
    };
}
