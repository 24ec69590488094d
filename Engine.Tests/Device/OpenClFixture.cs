using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Engine.Tests;

/// <summary>The first OpenCL device, PoCL on a machine without a GPU, which has to be admitted.</summary>
public sealed class OpenClFixture : IDisposable
{
    private readonly DeviceBackend? _backend;
    private readonly string _reason = string.Empty;

    public OpenClFixture()
    {
        using EnvironmentScope admitted = Admit();
        try
        {
            _backend = DeviceDiscovery.Open(Backends.OpenCl, Precision.Float32);
        }
        catch (BackendException exception)
        {
            _reason = $"{exception.Message} Without a GPU, install pocl-opencl-icd.";
        }
    }

    /// <summary>The backend, or a skipped test.</summary>
    public IBackend Backend
    {
        get
        {
            Assert.SkipWhen(_backend is null, _reason);
            return _backend;
        }
    }

    /// <summary>Until it is disposed, "opencl" opens PoCL too.</summary>
    public static EnvironmentScope Admit() => new(OpenClCompatibility.EnvironmentVariable, "any");

    public void Dispose() => _backend?.Dispose();

    /// <summary>A backend of its own on the same device, which plans for another number of multiprocessors; or a skipped test.</summary>
    internal DeviceBackend WithMultiprocessors(int multiprocessors)
    {
        (Context context, CLDevice device) = Open();
        Accelerator accelerator = device.CreateAccelerator(context);
        AcceleratorStream stream = accelerator.CreateStream();
        DeviceTraits traits = new(BackendKind.OpenCl, accelerator.Name, multiprocessors, HasShuffles: false, HasTensorCores: false);
        return new DeviceBackend("opencl", accelerator, stream, new AcceleratorLauncher(accelerator, stream), traits, context);
    }

    /// <summary>The device and a context for it, which the caller disposes; or a skipped test.</summary>
    internal (Context Context, CLDevice Device) Open()
    {
        Assert.SkipWhen(_backend is null, _reason);
        using EnvironmentScope admitted = Admit();
        Context context = DeviceDiscovery.CreateContext(Backends.OpenCl)!;
        return (context, context.GetCLDevices()[0]);
    }
}
