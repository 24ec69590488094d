using System;
using System.Collections.Generic;
using System.Diagnostics;
using Engine.Kernels;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>A case beside plain reads of memory, before and after every repeat. On a machine that shares its memory with others the
/// bandwidth changes from second to second, so that only what is measured next to it compares.</summary>
internal sealed unsafe class ReadComparison : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly ReadJob _job;
    private readonly List<double> _rates = [];
    private readonly List<double> _shares = [];
    private readonly double _bytes;
    private double _before;

    /// <param name="threads">Readers at the same time.</param>
    /// <param name="memory">What is read: host memory larger than the caches.</param>
    /// <param name="bytes">What one repeat of the case reads.</param>
    public ReadComparison(int threads, TensorRef memory, double bytes)
    {
        HostMemory buffer = (HostMemory)memory.Buffer!;
        _pool = new WorkerPool(threads);
        _bytes = bytes;
        _job = new ReadJob
        {
            Memory = (float*)(buffer.Address + memory.ByteOffset),
            Count = memory.ElementCount * memory.DType.SizeInBytes() / sizeof(float) / threads,
        };
    }

    /// <summary>Median rate of the reads, GB/s.</summary>
    public double GigaBytesPerSecond => Median(_rates);

    /// <summary>Median of each repeat's rate as a part of the reads beside it.</summary>
    public double Share => Median(_shares);

    /// <summary>To be called before the first repeat.</summary>
    public void Begin() => _before = Read();

    /// <summary>To be called after every repeat.</summary>
    /// <param name="seconds">What the repeat took.</param>
    public void Next(double seconds)
    {
        double after = Read();
        double around = (_before + after) / 2;
        _rates.Add(around);
        _shares.Add(_bytes / seconds / 1e9 / around);
        _before = after;
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private double Read()
    {
        long start = Stopwatch.GetTimestamp();
        _pool.Run(_pool.Workers, _job);
        return (double)_job.Count * sizeof(float) * _pool.Workers / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private struct ReadJob : ITileJob
    {
        public float* Memory;
        public long Count;

        public readonly void Execute(int tile, int worker) => GC.KeepAlive(ReadLoop.Run(Memory + (tile * Count), Count));
    }
}
