using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>Runs packed launches on the interpreter of PTX. Memory is that of ILGPU's processor accelerator, and each launch sees the views
/// in its parameter block and nothing else, so that an access beside them is a fault.</summary>
internal sealed class InterpretedQueue : ILaunchQueue
{
    private readonly InterpretedKernels _kernels;
    private readonly PtxDevice _device = new();
    private readonly Lock _compiling = new();
    private readonly ConcurrentDictionary<IDeviceKernel, CompiledKernel> _compiled = [];
    private readonly LaunchOptions _options;
    private readonly Func<string, string>? _mutation;

    /// <param name="architecture">For example sm_80.</param>
    /// <param name="options">How to run.</param>
    /// <param name="mutation">What becomes of the text of every kernel before it runs.</param>
    public InterpretedQueue(CudaArchitecture architecture, LaunchOptions options, Func<string, string>? mutation = null)
    {
        _mutation = mutation;
        _kernels = InterpretedKernels.For(architecture);
        _options = options;
    }

    /// <summary>Reports of all launches since the list was cleared.</summary>
    public List<(string Kernel, LaunchReport Report)> Reports { get; } = [];

    /// <summary>How often somebody has waited for the device. Launches have ended when they return, so it means nothing else.</summary>
    public int Waits { get; private set; }

    /// <summary>Launches that were given other parameters in a graph.</summary>
    public int ParametersSet { get; private set; }

    /// <summary>Why the device makes no graphs; null, as at first, if it does.</summary>
    public string? LacksGraphs { get; set; }

    /// <inheritdoc/>
    public void Load(IDeviceKernel kernel)
    {
        if (_compiled.ContainsKey(kernel))
        {
            return;
        }

        lock (_compiling)
        {
            if (!_compiled.ContainsKey(kernel))
            {
                _compiled.TryAdd(kernel, Compile(kernel));
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BackendException">The kernel does what would stop a GPU.</exception>
    public void Launch(in KernelLaunch launch, ReadOnlySpan<byte> parameters)
    {
        IDeviceKernel kernel = launch.Kernel;
        Map(kernel, parameters);
        try
        {
            Dim3 blocks = new(launch.Grid.X, launch.Grid.Y, launch.Grid.Z);
            Dim3 group = new(kernel.GroupSize);
            Reports.Add((
                kernel.Name,
                _device.Run(_compiled[kernel], blocks, group, _options, kernel.DynamicSharedBytes, parameters.ToArray())));
        }
        catch (PtxException exception)
        {
            throw new BackendException($"{kernel.Name}: {exception.Message}", exception);
        }
        finally
        {
            Unmap(kernel, parameters);
        }
    }

    /// <inheritdoc/>
    public ILaunchGraph CreateGraph(LaunchSegment segment) => LacksGraphs is null
        ? new Graph(this, segment)
        : throw new BackendException(LacksGraphs);

    /// <inheritdoc/>
    public void Synchronize() => Waits++;

    /// <inheritdoc/>
    public void Dispose()
    {
        // The kernels are those of all queues.
    }

    private void Map(IDeviceKernel kernel, ReadOnlySpan<byte> parameters)
    {
        foreach (ParameterView view in kernel.Parameters.Views)
        {
            (nint address, long bytes) = Memory(view, parameters);
            _device.Memory.Map(address, bytes, view.Name);
        }
    }

    private void Unmap(IDeviceKernel kernel, ReadOnlySpan<byte> parameters)
    {
        foreach (ParameterView view in kernel.Parameters.Views)
        {
            (nint address, long bytes) = Memory(view, parameters);
            _device.Memory.Unmap(address, bytes);
        }
    }

    private static (nint Address, long Bytes) Memory(ParameterView view, ReadOnlySpan<byte> parameters)
    {
        ReadOnlySpan<long> fields = MemoryMarshal.Cast<byte, long>(parameters.Slice(view.Offset, 2 * sizeof(long)));
        return ((nint)fields[0], fields[1] * view.ElementBytes);
    }

    private CompiledKernel Compile(IDeviceKernel kernel)
    {
        try
        {
            return _mutation is null
                ? _kernels.Load(kernel, _device.Memory)
                : KernelCompiler.Compile(PtxModule.Parse(_mutation(_kernels.Text(kernel))), _device.Memory);
        }
        catch (Exception exception) when (exception is InternalCompilerException or PtxException)
        {
            throw new BackendException($"{kernel.Name} does not compile: {exception.Message}", exception);
        }
    }

    /// <summary>Launches as they were when the graph was made, but for the parameters set since.</summary>
    private sealed class Graph : ILaunchGraph
    {
        private readonly InterpretedQueue _queue;
        private readonly KernelLaunch[] _launches;
        private readonly byte[][] _parameters;
        private bool _isDisposed;

        public Graph(InterpretedQueue queue, LaunchSegment segment)
        {
            _queue = queue;
            _launches = segment.Launches.ToArray();
            _parameters = new byte[segment.Count][];
            for (int i = 0; i < segment.Count; i++)
            {
                _parameters[i] = segment.ParametersOf(i).ToArray();
            }
        }

        public void SetParameters(int index, ReadOnlySpan<byte> parameters)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            parameters.CopyTo(_parameters[index]);
            _queue.ParametersSet++;
        }

        public void Launch()
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            for (int i = 0; i < _launches.Length; i++)
            {
                _queue.Launch(_launches[i], _parameters[i]);
            }
        }

        public void Dispose() => _isDisposed = true;
    }
}
