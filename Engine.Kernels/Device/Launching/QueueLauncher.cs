using System.Collections.Generic;
using System.Threading.Tasks;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Packs the parameters of launches and hands them to a queue: one by one, or, with graphs, in segments between two points at which the
/// host and the device have to agree. A launch that has been recorded is enqueued at <see cref="Flush"/> at the latest.
/// </summary>
internal sealed class QueueLauncher : IKernelLauncher
{
    /// <summary>Launches of a segment at most, so that the device works while the processor records.</summary>
    public const int MostRecorded = 256;

    // The compiler of NVIDIA's driver takes tenths of a second for a large kernel.
    private const int PreparingThreads = 4;

    private readonly ILaunchQueue _queue;
    private readonly LaunchGraphs? _graphs;
    private readonly LaunchSegment _segment = new();
    private readonly KernelPreparation _preparation;

    /// <param name="queue">Where launches go; disposed with this.</param>
    /// <param name="withGraphs">Sequences of launches that come again are enqueued as graphs.</param>
    public QueueLauncher(ILaunchQueue queue, bool withGraphs = false)
    {
        _queue = queue;
        _graphs = withGraphs ? new LaunchGraphs(queue) : null;
        _preparation = new KernelPreparation(queue.Load, PreparingThreads);
    }

    /// <summary>Where launches go.</summary>
    public ILaunchQueue Queue => _queue;

    /// <summary>The graphs; null if launches are enqueued one by one.</summary>
    public LaunchGraphs? Graphs => _graphs;

    /// <inheritdoc/>
    public Task Prepare(IReadOnlyList<IDeviceKernel> kernels) => _preparation.Start(kernels);

    /// <inheritdoc/>
    /// <exception cref="BackendException">The kernel does not compile, or the device refuses a launch.</exception>
    public void Launch<TArgs>(DeviceKernel<TArgs> kernel, Index3D grid, in TArgs args)
        where TArgs : struct
    {
        if (grid.Size == 0)
        {
            return;
        }

        _queue.Load(kernel);
        ParameterPacker<TArgs>.Pack(args, _segment.Add(new KernelLaunch(kernel, grid)));
        if (_graphs is null || _segment.Count == MostRecorded)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        try
        {
            if (_graphs is not null)
            {
                _graphs.Launch(_segment);
            }
            else
            {
                LaunchGraphs.LaunchOneByOne(_queue, _segment);
            }
        }
        finally
        {
            _segment.Clear();
        }
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        Flush();
        _queue.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _preparation.Dispose();
        _graphs?.Dispose();
        _queue.Dispose();
    }
}
