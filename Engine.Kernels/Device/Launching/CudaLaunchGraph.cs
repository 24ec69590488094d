using System;

namespace Engine.Kernels.Device;

/// <summary>A graph of an NVIDIA GPU: launches in a row, each after the one before it.</summary>
internal sealed unsafe class CudaLaunchGraph : ILaunchGraph
{
    private readonly CudaLaunchQueue _queue;
    private readonly KernelLaunch[] _launches;
    private readonly nint[] _nodes;
    private readonly nint _graph;
    private readonly nint _executable;

    /// <param name="queue">Where it is enqueued; its accelerator is bound.</param>
    /// <param name="segment">The launches.</param>
    /// <exception cref="BackendException">The driver refuses.</exception>
    public CudaLaunchGraph(CudaLaunchQueue queue, LaunchSegment segment)
    {
        _queue = queue;
        _launches = segment.Launches.ToArray();
        _nodes = new nint[_launches.Length];
        _graph = CudaDriver.CreateGraph();
        try
        {
            nint previous = 0;
            for (int i = 0; i < _nodes.Length; i++)
            {
                fixed (byte* block = segment.ParametersOf(i))
                {
                    void* parameter = block;
                    _nodes[i] = previous = CudaDriver.AddNode(_graph, previous, queue.NodeOf(_launches[i], &parameter));
                }
            }

            _executable = CudaDriver.Instantiate(_graph);
        }
        catch
        {
            CudaDriver.DestroyGraph(0, _graph);
            throw;
        }
    }

    /// <inheritdoc/>
    public void SetParameters(int index, ReadOnlySpan<byte> parameters)
    {
        _queue.Bind();
        fixed (byte* block = parameters)
        {
            void* parameter = block;
            CudaDriver.SetNode(_executable, _nodes[index], _queue.NodeOf(_launches[index], &parameter));
        }
    }

    /// <inheritdoc/>
    public void Launch() => _queue.Launch(_executable);

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Bind();
        CudaDriver.DestroyGraph(_executable, _graph);
    }
}
