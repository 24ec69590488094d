using System;
using System.Collections.Concurrent;
using System.Threading;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Enqueues packed launches on a stream of an NVIDIA GPU. ILGPU compiles kernels to PTX and the driver compiles that; launches go to the
/// driver directly, because ILGPU gives a kernel at most 48 KB of shared memory and knows no graphs.
/// </summary>
internal sealed unsafe class CudaLaunchQueue : ILaunchQueue
{
    // A kernel has this much static and dynamic shared memory together without asking.
    private const int SharedBytesOfEveryKernel = 48 << 10;

    private readonly CudaAccelerator _accelerator;
    private readonly CudaStream _stream;
    private readonly Lock _compiling = new();
    private readonly ConcurrentDictionary<IDeviceKernel, Lazy<CudaFunction>> _functions = [];

    /// <param name="accelerator">The device.</param>
    /// <param name="stream">In which order.</param>
    public CudaLaunchQueue(CudaAccelerator accelerator, CudaStream stream)
    {
        _accelerator = accelerator;
        _stream = stream;
    }

    /// <inheritdoc/>
    public void Load(IDeviceKernel kernel) => _ = FunctionOf(kernel);

    /// <inheritdoc/>
    public void Launch(in KernelLaunch launch, ReadOnlySpan<byte> parameters)
    {
        fixed (byte* block = parameters)
        {
            void* parameter = block;
            _accelerator.Bind();
            CudaError error = CudaAPI.CurrentAPI.LaunchKernel(
                FunctionOf(launch.Kernel).Handle,
                launch.Grid.X,
                launch.Grid.Y,
                launch.Grid.Z,
                launch.Kernel.GroupSize,
                1,
                1,
                launch.Kernel.DynamicSharedBytes,
                _stream.StreamPtr,
                (nint)(&parameter),
                0);
            if (error != CudaError.CUDA_SUCCESS)
            {
                throw DeviceFailure.In($"kernel '{launch.Kernel.Name}'", _accelerator, new CudaException(error));
            }
        }
    }

    /// <inheritdoc/>
    public ILaunchGraph CreateGraph(LaunchSegment segment)
    {
        _accelerator.Bind();
        try
        {
            return new CudaLaunchGraph(this, segment);
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In("a graph of launches", _accelerator, exception);
        }
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        try
        {
            _stream.Synchronize();
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In("work that was enqueued", _accelerator, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _accelerator.Bind();
        foreach (Lazy<CudaFunction> function in _functions.Values)
        {
            if (function.IsValueCreated)
            {
                CudaAPI.CurrentAPI.DestroyModule(function.Value.Module);
            }
        }

        _functions.Clear();
    }

    /// <summary>Compiles a kernel and asks the driver what became of it.</summary>
    /// <returns>The resources, and how many of the kernel's groups a multiprocessor runs at the same time.</returns>
    /// <exception cref="BackendException">The driver refuses the kernel.</exception>
    public (KernelResources Resources, int GroupsPerMultiprocessor) Inspect(IDeviceKernel kernel)
    {
        nint handle = FunctionOf(kernel).Handle;
        _accelerator.Bind();
        CudaError error = CudaAPI.CurrentAPI.ComputeOccupancyMaxActiveBlocksPerMultiprocessor(
            out int groups, handle, kernel.GroupSize, kernel.DynamicSharedBytes);
        return error == CudaError.CUDA_SUCCESS
            ? (CudaDriver.Resources(handle), groups)
            : throw DeviceFailure.In($"kernel '{kernel.Name}'", _accelerator, new CudaException(error));
    }

    /// <summary>Makes the device current on this thread, for calls of the driver.</summary>
    public void Bind() => _accelerator.Bind();

    /// <summary>Enqueues a graph.</summary>
    public void Launch(nint executableGraph)
    {
        _accelerator.Bind();
        CudaDriver.LaunchGraph(executableGraph, _stream.StreamPtr);
    }

    /// <summary>A launch as a node of a graph.</summary>
    /// <param name="launch">Kernel, which is loaded, and grid.</param>
    /// <param name="parameters">Points to the address of the parameter block.</param>
    public CudaKernelNode NodeOf(in KernelLaunch launch, void** parameters) => new()
    {
        Function = FunctionOf(launch.Kernel).Handle,
        GridX = (uint)launch.Grid.X,
        GridY = (uint)launch.Grid.Y,
        GridZ = (uint)launch.Grid.Z,
        GroupX = (uint)launch.Kernel.GroupSize,
        GroupY = 1,
        GroupZ = 1,
        DynamicSharedBytes = (uint)launch.Kernel.DynamicSharedBytes,
        Parameters = parameters,
    };

    private CudaFunction FunctionOf(IDeviceKernel kernel)
    {
        if (!_functions.TryGetValue(kernel, out Lazy<CudaFunction>? function))
        {
            function = _functions.GetOrAdd(kernel, static (kernel, queue) => new(() => queue.Compile(kernel)), this);
        }

        return function.Value;
    }

    private CudaFunction Compile(IDeviceKernel kernel)
    {
        try
        {
            PTXCompiledKernel compiled;

            // ILGPU's compiler takes its users one by one; the driver's, which takes longer, does not mind several.
            lock (_compiling)
            {
                compiled = (PTXCompiledKernel)_accelerator.Backend.Compile(
                    EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), kernel.Specialization);
            }

            using ScopedAcceleratorBinding binding = _accelerator.BindScoped();
            CudaError error = CudaAPI.CurrentAPI.LoadModule(
                out nint module, StableNames.OfPtx(compiled.PTXAssembly), out string? log);
            if (error != CudaError.CUDA_SUCCESS)
            {
                throw new BackendException(
                    $"{_accelerator.Name.Trim()}: kernel '{kernel.Name}' does not load: {error}. {log?.Trim('\0', '\n', ' ')}");
            }

            CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.GetModuleFunction(out nint handle, module, compiled.Name));
            if (kernel.DynamicSharedBytes > 0)
            {
                AllowDynamicShared(kernel, handle);
            }

            return new CudaFunction(module, handle);
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In($"kernel '{kernel.Name}'", _accelerator, exception);
        }
    }

    private static void AllowDynamicShared(IDeviceKernel kernel, nint handle)
    {
        if (CudaDriver.Resources(handle).SharedBytes + kernel.DynamicSharedBytes > SharedBytesOfEveryKernel)
        {
            CudaDriver.AllowDynamicShared(handle, kernel.DynamicSharedBytes);
        }
    }

    /// <summary>A kernel that the driver has compiled.</summary>
    /// <param name="Module">What to unload.</param>
    /// <param name="Handle">What to launch.</param>
    private sealed record CudaFunction(nint Module, nint Handle);
}
