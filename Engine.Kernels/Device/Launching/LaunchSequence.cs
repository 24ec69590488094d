using System;

namespace Engine.Kernels.Device;

/// <summary>A sequence of kernels and grids that has been met, and from the second time on the graph for it.</summary>
internal sealed class LaunchSequence : IDisposable
{
    private readonly KernelLaunch[] _launches;
    private byte[] _parameters = [];
    private ILaunchGraph? _graph;

    /// <param name="segment">The launches.</param>
    /// <param name="hash">Of the segment.</param>
    public LaunchSequence(LaunchSegment segment, int hash)
    {
        _launches = segment.Launches.ToArray();
        Hash = hash;
    }

    /// <summary>Equal for equal sequences.</summary>
    public int Hash { get; }

    /// <summary>When it was met last.</summary>
    public long LastUse { get; set; }

    /// <summary>A number that depends on kernels and grids, not on parameters.</summary>
    public static int HashOf(LaunchSegment segment)
    {
        HashCode hash = default;
        foreach (ref readonly KernelLaunch launch in segment.Launches)
        {
            hash.Add(launch.Kernel);
            hash.Add(launch.Grid.X);
            hash.Add(launch.Grid.Y);
            hash.Add(launch.Grid.Z);
        }

        return hash.ToHashCode();
    }

    /// <summary>True if a segment has these kernels and grids.</summary>
    public bool IsOf(LaunchSegment segment)
    {
        ReadOnlySpan<KernelLaunch> launches = segment.Launches;
        if (launches.Length != _launches.Length)
        {
            return false;
        }

        for (int i = 0; i < launches.Length; i++)
        {
            if (launches[i].Kernel != _launches[i].Kernel || launches[i].Grid != _launches[i].Grid)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Enqueues the graph with the parameters of a segment that has these kernels and grids.</summary>
    /// <exception cref="BackendException">The device refuses; nothing has been enqueued.</exception>
    public void Launch(ILaunchQueue queue, LaunchSegment segment)
    {
        if (_graph is null)
        {
            _graph = queue.CreateGraph(segment);
            _parameters = segment.Parameters.ToArray();
        }
        else if (!segment.Parameters.SequenceEqual(_parameters))
        {
            SetParameters(_graph, segment);
        }

        _graph.Launch();
    }

    /// <inheritdoc/>
    public void Dispose() => _graph?.Dispose();

    private void SetParameters(ILaunchGraph graph, LaunchSegment segment)
    {
        for (int i = 0; i < segment.Count; i++)
        {
            ReadOnlySpan<byte> parameters = segment.ParametersOf(i);
            if (!parameters.SequenceEqual(_parameters.AsSpan(segment.OffsetOf(i), parameters.Length)))
            {
                graph.SetParameters(i, parameters);
            }
        }

        segment.Parameters.CopyTo(_parameters);
    }
}
