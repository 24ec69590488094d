using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Engine.Tests;

/// <summary>The first OpenCL device, PoCL on a machine without a GPU; or the device that FUSION_TEST_DEVICE names, which then has to be
/// there.</summary>
public sealed class DeviceFixture : IDisposable
{
    /// <summary>Name of the backend.</summary>
    public static readonly string Name = TestDevice.Name ?? Backends.OpenCl;

    private readonly IBackend? _backend;
    private readonly string _reason = string.Empty;

    public DeviceFixture()
    {
        try
        {
            _backend = TestDevice.Open(Name);
        }
        catch (BackendException exception) when (TestDevice.Name is null)
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

    public void Dispose() => _backend?.Dispose();

    /// <summary>The backend, which plans for another number of multiprocessors until the result is disposed; or a skipped test.</summary>
    internal IDisposable Pretend(int multiprocessors, out DeviceBackend backend)
    {
        Assert.SkipUnless(Backend is DeviceBackend, $"'{Name}' runs no device kernels.");
        backend = (DeviceBackend)Backend;
        return new Traits(backend, multiprocessors);
    }

    /// <summary>A backend of its own on the same device, which plans for another number of multiprocessors; or a skipped test.</summary>
    internal DeviceBackend WithMultiprocessors(int multiprocessors)
    {
        (Context context, ILGPU.Runtime.Device device) = Open();
        Accelerator accelerator = device.CreateAccelerator(context);
        AcceleratorStream stream = accelerator.CreateStream();
        DeviceTraits traits = ((DeviceBackend)Backend).Traits with { Multiprocessors = multiprocessors };
        return new DeviceBackend(Name, accelerator, stream, DeviceBackend.CreateLauncher(accelerator, stream), traits, context);
    }

    /// <summary>The device and a context for it, which the caller disposes; or a skipped test.</summary>
    internal (Context Context, ILGPU.Runtime.Device Device) Open()
    {
        Assert.SkipUnless(Backend is DeviceBackend, $"'{Name}' runs no device kernels.");
        using EnvironmentScope admitted = TestDevice.AdmitPocl();
        Context context = DeviceDiscovery.CreateContext(Name)!;
        return (context, context.Devices.First(static device => device is CudaDevice or CLDevice));
    }

    private sealed class Traits : IDisposable
    {
        private readonly DeviceBackend _backend;
        private readonly DeviceTraits _former;

        public Traits(DeviceBackend backend, int multiprocessors)
        {
            _backend = backend;
            _former = backend.Traits;
            backend.Traits = _former with { Multiprocessors = multiprocessors };
        }

        public void Dispose() => _backend.Traits = _former;
    }
}
