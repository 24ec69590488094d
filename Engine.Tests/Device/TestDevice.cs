using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Engine.Tests;

/// <summary>The device that FUSION_TEST_DEVICE names: how golden tests and tests of device kernels run on a GPU.</summary>
internal static class TestDevice
{
    /// <summary>Names the device: one of <see cref="Backends.Names"/>.</summary>
    public const string EnvironmentVariable = "FUSION_TEST_DEVICE";

    /// <summary>The named device; null if none is named.</summary>
    public static string? Name { get; } =
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } name ? name : null;

    /// <summary>Opens a device; the caller disposes it.</summary>
    /// <param name="name">One of <see cref="Backends.Names"/>.</param>
    /// <exception cref="BackendException">There is none, or it does not open.</exception>
    public static IBackend Open(string name)
    {
        if (name != Backends.OpenCl)
        {
            return Backends.Create(name, threads: name == Backends.Host ? 2 : 0);
        }

        (Context context, ILGPU.Runtime.Device device) = Find(name) ?? throw new BackendException("There is no OpenCL device.");
        return DeviceBackend.Create(name, BackendKind.OpenCl, device, context);
    }

    /// <summary>The first device of a kind and a context for it, which the caller disposes. PoCL, OpenCL on the processor, denies
    /// generic addresses, which ILGPU asks for and our kernels do not use: only tests overrule it.</summary>
    /// <param name="name"><see cref="Backends.Cuda"/> or <see cref="Backends.OpenCl"/>.</param>
    /// <returns>Null if there is none.</returns>
    public static (Context Context, ILGPU.Runtime.Device Device)? Find(string name)
    {
        DeviceLibraries.Resolve();
        Context context = DeviceContext.Create(
            builder => _ = name == Backends.Cuda ? builder.Cuda() : builder.OpenCL(static _ => true));
        ILGPU.Runtime.Device? device = context.Devices.FirstOrDefault(static candidate => candidate is CudaDevice or CLDevice);
        if (device is null)
        {
            context.Dispose();
            return null;
        }

        if (device is CLDevice openCl)
        {
            typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(openCl.Capabilities, true);
        }

        return (context, device);
    }
}
