using System;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Tests;

/// <summary>The device that FUSION_TEST_DEVICE names: how the tests of devices run on a GPU.</summary>
internal static class TestDevice
{
    /// <summary>Names the device: one of <see cref="Backends.Names"/>.</summary>
    public const string EnvironmentVariable = "FUSION_TEST_DEVICE";

    /// <summary>The named device; null if none is named.</summary>
    public static string? Name { get; } =
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } name ? name : null;

    /// <summary>Until it is disposed, "opencl" opens PoCL too, OpenCL on the processor.</summary>
    public static EnvironmentScope AdmitPocl() => new(OpenClCompatibility.EnvironmentVariable, "any");

    /// <summary>Opens a device; the caller disposes it.</summary>
    /// <param name="name">One of <see cref="Backends.Names"/>.</param>
    /// <exception cref="BackendException">There is none, or it does not open.</exception>
    public static IBackend Open(string name)
    {
        using EnvironmentScope admitted = AdmitPocl();
        return Backends.Create(name, threads: name == Backends.Host ? 2 : 0);
    }
}
