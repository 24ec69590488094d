using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Host;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>Finds and opens devices. A missing or broken driver is a machine without such devices, never an exception.</summary>
internal static class DeviceDiscovery
{
    // Groups of the kernels have up to 256 threads; every simulated thread is one of the system's.
    private static readonly CPUDevice SimulatedGpu = new(numThreadsPerWarp: 32, numWarpsPerMultiprocessor: 8, numMultiprocessors: 1);

    /// <summary>The processor, then what the drivers show.</summary>
    public static IReadOnlyList<DeviceDescription> Describe() =>
        [DescribeHost(), .. Describe(Backends.Cuda), .. Describe(Backends.OpenCl)];

    /// <summary>Opens the first usable device.</summary>
    /// <param name="name"><see cref="Backends.Cuda"/>, <see cref="Backends.OpenCl"/> or <see cref="Backends.CpuDebug"/>.</param>
    /// <param name="precision">Of products.</param>
    /// <exception cref="BackendException">There is none, or it does not open, or it has no such precision.</exception>
    public static DeviceBackend Open(string name, Precision precision)
    {
        Context? context = CreateContext(name);
        ILGPU.Runtime.Device? device = Devices(context).FirstOrDefault(static candidate => ProblemOf(candidate) is null);
        if (context is null || device is null)
        {
            string reason = WhyNone(name, context);
            context?.Dispose();
            throw new BackendException($"There is no usable device for '{name}': {reason}.");
        }

        DeviceBackend backend = Open(name, context, device, precision);
        if (IsGpu(device))
        {
            backend.PrepareKernels();
        }

        return backend;
    }

    /// <summary>Opens the first GPU that can be used and passes <see cref="DeviceSelfTest"/>. What only looks like a GPU, such as OpenCL on
    /// the processor, is left out.</summary>
    /// <param name="names">Backends in the order in which they are preferred.</param>
    /// <param name="precision">Of products; GPUs without it are passed over.</param>
    /// <param name="notice">Receives one line for every GPU that is passed over.</param>
    /// <returns>Null if there is none.</returns>
    public static DeviceBackend? OpenFirst(IEnumerable<string> names, Precision precision, Action<string>? notice)
    {
        foreach (string name in names.Where(DeviceLibraries.IsInstalled))
        {
            if (OpenGpu(name, precision, notice) is DeviceBackend backend)
            {
                return backend;
            }
        }

        return null;
    }

    private static DeviceBackend? OpenGpu(string name, Precision precision, Action<string>? notice)
    {
        Context? context = CreateContext(name);
        if (context is null || Devices(context).FirstOrDefault(IsGpu) is not ILGPU.Runtime.Device device)
        {
            context?.Dispose();
            return null;
        }

        string? problem = ProblemOf(device);
        if (problem is null)
        {
            try
            {
                DeviceBackend backend = Open(name, context, device, precision);
                problem = DeviceSelfTest.FindProblem(backend) is string difference ? $"it fails the self-test: {difference}" : null;
                if (problem is null)
                {
                    backend.PrepareKernels();
                    return backend;
                }

                backend.Dispose();
            }
            catch (BackendException exception)
            {
                problem = exception.Message;
            }
        }
        else
        {
            context.Dispose();
        }

        notice?.Invoke($"{device.Name.Trim()} ({name}) is not used: {problem}");
        return null;
    }

    /// <summary>Opens a device of a context, which the backend owns from here on, also if this throws.</summary>
    private static DeviceBackend Open(string name, Context context, ILGPU.Runtime.Device device, Precision precision)
    {
        try
        {
            return DeviceBackend.Create(name, KindOf(name), device, context, precision);
        }
        catch (Exception exception) when (IsOfDriver(exception))
        {
            context.Dispose();
            throw new BackendException($"The device for '{name}' does not open: {exception.Message}", exception);
        }
    }

    private static BackendKind KindOf(string name) => name switch
    {
        Backends.Cuda => BackendKind.Cuda,
        Backends.OpenCl => BackendKind.OpenCl,
        _ => BackendKind.CpuDebug,
    };

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

    /// <summary>A context with the devices of one backend; null if the driver fails.</summary>
    /// <param name="name">The backend.</param>
    public static Context? CreateContext(string name)
    {
        DeviceLibraries.Resolve();
        try
        {
            // Without a predicate, ILGPU leaves out the OpenCL devices that it cannot use.
            Context context = DeviceContext.Create(builder => _ = name switch
            {
                Backends.Cuda => builder.Cuda(),
                Backends.OpenCl => builder.OpenCL(static _ => true),
                _ => builder.CPU(SimulatedGpu),
            });
            foreach (CLDevice device in context.GetCLDevices())
            {
                OpenClCompatibility.Apply(device);
            }

            return context;
        }
        catch (Exception exception) when (IsOfDriver(exception))
        {
            return null;
        }
    }

    /// <summary>Devices in the order of the driver, GPUs first. ILGPU puts its own simulation of a GPU into a context that would be
    /// empty.</summary>
    private static IEnumerable<ILGPU.Runtime.Device> Devices(Context? context) => (context?.Devices ?? [])
        .Where(static device => device is CudaDevice or CLDevice || device == SimulatedGpu)
        .OrderBy(static device => IsGpu(device) ? 0 : 1);

    private static bool IsGpu(ILGPU.Runtime.Device device) =>
        device is CudaDevice or CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_GPU };

    private static string VersionOf(ILGPU.Runtime.Device device) => device switch
    {
        CudaDevice cuda => 
            $"{cuda.Architecture?.ToString() ?? "unknown architecture"}, PTX {cuda.InstructionSet?.ToString() ?? "unknown"}, "
            + $"driver for CUDA {cuda.DriverVersion}",
        CLDevice cl => $"OpenCL {cl.DeviceVersion.Major}.{cl.DeviceVersion.Minor}, {cl.PlatformName?.Trim()}",
        _ => string.Empty,
    };

    private static string? ProblemOf(ILGPU.Runtime.Device device) => device switch
    {
        CudaDevice { Architecture: null } => "its architecture is unknown to ILGPU",
        CudaDevice { InstructionSet: null } => "its driver is too old for ILGPU",
        CLDevice { Capabilities.GenericAddressSpace: false } => 
            $"it lacks OpenCL's generic address space, which ILGPU asks for ({OpenClCompatibility.Hint})",
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
