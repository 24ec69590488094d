using System;
using System.Collections.Generic;

namespace Engine.Kernels.Device;

/// <summary>
/// Enqueues segments of launches. A sequence of kernels and grids that is met for the first time goes out launch by launch; the second
/// time a graph is made of it; from then on the graph is enqueued, after the launches whose parameters differ from last time have been
/// given theirs. If the device fails at graphs, launches go out one by one from then on.
/// </summary>
internal sealed class LaunchGraphs : IDisposable
{
    /// <summary>Sequences that are remembered. A training step has some ten, each of tens to hundreds of launches.</summary>
    public const int MostSequences = 64;

    // A graph of fewer launches costs the processor more than they do.
    private const int FewestLaunches = 4;

    private readonly ILaunchQueue _queue;
    private readonly List<LaunchSequence> _sequences = [];
    private long _uses;

    /// <param name="queue">Takes launches and makes graphs; stays with the caller.</param>
    public LaunchGraphs(ILaunchQueue queue) => _queue = queue;

    /// <summary>Why there are no graphs any more; null if they work.</summary>
    public string? Failure { get; private set; }

    /// <summary>Graphs that have been enqueued so far.</summary>
    public long Replays { get; private set; }

    /// <summary>Enqueues all launches of a segment, in order.</summary>
    /// <exception cref="BackendException">The device refuses a launch.</exception>
    public void Launch(LaunchSegment segment)
    {
        if (segment.Count < FewestLaunches || Failure is not null || !LaunchAsGraph(segment))
        {
            LaunchOneByOne(_queue, segment);
        }
    }

    /// <summary>Enqueues all launches of a segment without a graph.</summary>
    public static void LaunchOneByOne(ILaunchQueue queue, LaunchSegment segment)
    {
        for (int i = 0; i < segment.Count; i++)
        {
            queue.Launch(segment.Launches[i], segment.ParametersOf(i));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sequences.ForEach(static sequence => sequence.Dispose());
        _sequences.Clear();
    }

    private bool LaunchAsGraph(LaunchSegment segment)
    {
        int hash = LaunchSequence.HashOf(segment);
        LaunchSequence? sequence = Find(segment, hash);
        try
        {
            if (sequence is null)
            {
                Remember(new LaunchSequence(segment, hash) { LastUse = ++_uses });
                return false;
            }

            sequence.LastUse = ++_uses;
            sequence.Launch(_queue, segment);
            Replays++;
            return true;
        }
        catch (BackendException exception)
        {
            Failure = exception.Message;
            Dispose();
            return false;
        }
    }

    private LaunchSequence? Find(LaunchSegment segment, int hash)
    {
        foreach (LaunchSequence sequence in _sequences)
        {
            if (sequence.Hash == hash && sequence.IsOf(segment))
            {
                return sequence;
            }
        }

        return null;
    }

    /// <summary>Takes the place of the sequence that has not been met for longest, if there is none free.</summary>
    private void Remember(LaunchSequence sequence)
    {
        if (_sequences.Count < MostSequences)
        {
            _sequences.Add(sequence);
            return;
        }

        int oldest = 0;
        for (int i = 1; i < _sequences.Count; i++)
        {
            if (_sequences[i].LastUse < _sequences[oldest].LastUse)
            {
                oldest = i;
            }
        }

        _sequences[oldest].Dispose();
        _sequences[oldest] = sequence;
    }
}
