using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Engine.Tests;

/// <summary>The first OpenCL device, PoCL on a machine without a GPU. PoCL denies generic addresses, which ILGPU asks for and our kernels
/// do
/// not use: only these tests overrule it.</summary>
public sealed class OpenClFixture : IDisposable
{
    private readonly DeviceBackend? _backend;
    private readonly string _reason = "There is no OpenCL device (install pocl-opencl-icd).";

    public OpenClFixture()
    {
        try
        {
            _backend = Create();
        }
        catch (Exception exception) when (exception is DllNotFoundException or CLException or CapabilityNotSupportedException)
        {
            _reason = $"OpenCL cannot be used: {exception.Message}";
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
        return FindDevice()!.Value;
    }

    private static DeviceBackend? Create() =>
        FindDevice() is (Context context, CLDevice device) ? DeviceBackend.Create("opencl", BackendKind.OpenCl, device, context) : null;

    private static (Context Context, CLDevice Device)? FindDevice()
    {
        DeviceLibraries.Resolve();
        Context context = DeviceContext.Create(static builder => builder.OpenCL(static _ => true));
        Context.DeviceCollection<CLDevice> devices = context.GetCLDevices();
        CLDevice? device = devices.Count > 0 ? devices[0] : null;
        if (device is null)
        {
            context.Dispose();
            return null;
        }

        typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);
        return (context, device);
    }
}
