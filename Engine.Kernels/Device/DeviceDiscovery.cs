using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Host;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>Finds and opens devices. A missing or broken driver is a machine without such devices, never an exception.</summary>
internal static class DeviceDiscovery
{
    /// <summary>The processor, then what the drivers show.</summary>
    public static IReadOnlyList<DeviceDescription> Describe() =>
        [DescribeHost(), .. Describe(Backends.Cuda), .. Describe(Backends.OpenCl)];

    /// <summary>Opens the first usable device.</summary>
    /// <param name="name"><see cref="Backends.Cuda"/> or <see cref="Backends.OpenCl"/>.</param>
    /// <param name="precision">Of products.</param>
    /// <exception cref="BackendException">There is none, or it does not open, or it has no such precision.</exception>
    public static DeviceBackend Open(string name, Precision precision)
    {
        Context? context = CreateContext(name);
        try
        {
            ILGPU.Runtime.Device? device = Devices(context).FirstOrDefault(static candidate => ProblemOf(candidate) is null);
            if (context is null || device is null)
            {
                throw new BackendException($"There is no usable device for '{name}': {WhyNone(name, context)}.");
            }

            DeviceBackend backend = DeviceBackend.Create(
                name, name == Backends.Cuda ? BackendKind.Cuda : BackendKind.OpenCl, device, context, precision);
            context = null;
            return backend;
        }
        catch (Exception exception) when (IsOfDriver(exception))
        {
            throw new BackendException($"The device for '{name}' does not open: {exception.Message}", exception);
        }
        finally
        {
            context?.Dispose();
        }
    }

    private static DeviceDescription[] Describe(string name)
    {
        using Context? context = CreateContext(name);
        return
        [
            .. Devices(context).Select(device => new DeviceDescription(
                name, device.Name.Trim(), device.MemorySize, VersionOf(device), ProblemOf(device))),
        ];
    }

    private static DeviceDescription DescribeHost()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string name = $"{Environment.ProcessorCount} processors";
        try
        {
            return new DeviceDescription(Backends.Host, name, memory, HostIsaProbe.NameOf(HostIsaProbe.Choose()), Problem: null);
        }
        catch (BackendException exception)
        {
            return new DeviceDescription(Backends.Host, name, memory, HostIsaProbe.NameOf(HostIsaProbe.Best), exception.Message);
        }
    }

    private static Context? CreateContext(string name)
    {
        DeviceLibraries.Resolve();
        try
        {
            // Without a predicate, ILGPU leaves out the OpenCL devices that it cannot use.
            return DeviceContext.Create(
                builder => _ = name == Backends.Cuda ? builder.Cuda() : builder.OpenCL(static _ => true));
        }
        catch (Exception exception) when (IsOfDriver(exception))
        {
            return null;
        }
    }

    /// <summary>Devices in the order of the driver, GPUs first. ILGPU puts its simulation of a GPU into a context that would be
    /// empty.</summary>
    private static IEnumerable<ILGPU.Runtime.Device> Devices(Context? context) => (context?.Devices ?? [])
        .Where(static device => device is CudaDevice or CLDevice)
        .OrderBy(static device => device is CLDevice { DeviceType: not CLDeviceType.CL_DEVICE_TYPE_GPU } ? 1 : 0);

    private static string VersionOf(ILGPU.Runtime.Device device) => device switch
    {
        CudaDevice cuda => $"{cuda.Architecture?.ToString() ?? "unknown architecture"}, driver for CUDA {cuda.DriverVersion}",
        CLDevice cl => $"OpenCL {cl.DeviceVersion.Major}.{cl.DeviceVersion.Minor}, {cl.PlatformName?.Trim()}",
        _ => string.Empty,
    };

    private static string? ProblemOf(ILGPU.Runtime.Device device) => device switch
    {
        CudaDevice { Architecture: null } => "its architecture is unknown to ILGPU",
        CudaDevice { InstructionSet: null } => "its driver is too old for ILGPU",
        CLDevice { Capabilities.GenericAddressSpace: false } => "it lacks OpenCL's generic address space, which ILGPU needs",
        _ => null,
    };

    private static string WhyNone(string name, Context? context)
    {
        string[] problems = [.. Devices(context).Select(static device => $"{device.Name.Trim()}: {ProblemOf(device)}")];
        return problems.Length > 0 ? string.Join("; ", problems)
            : name == Backends.Cuda ? "there is no NVIDIA driver, or it shows no GPU"
            : "there is no OpenCL driver, or it shows no device";
    }

    private static bool IsOfDriver(Exception exception) => exception
        is AcceleratorException or DllNotFoundException or EntryPointNotFoundException or NotSupportedException
        or CapabilityNotSupportedException or TypeInitializationException;
}
