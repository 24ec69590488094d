using System;
using System.Diagnostics;
using Engine.Kernels;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>What this machine can do at most, measured in every run: rates mean little without it.</summary>
/// <param name="GigaFlops">Fused multiply-adds on registers alone, all threads, float32.</param>
/// <param name="CopyGigaBytes">Copy of a large block, read and write counted, all threads, GB/s.</param>
internal sealed record MachinePeaks(double GigaFlops, double CopyGigaBytes)
{
    private const int Repeats = 7;
    private const int FmaRounds = 2_000_000;
    private const int FmaChains = 12;
    private const long CopyBytes = 256L << 20;

    /// <summary>Measures both; about half a second.</summary>
    /// <param name="threads">Threads that work at the same time.</param>
    /// <param name="isa">Width of the registers.</param>
    public static MachinePeaks Measure(int threads, HostIsa isa)
    {
        using WorkerPool pool = new(threads);
        return new MachinePeaks(Fma(pool, isa), Copy(pool));
    }

    private static double Fma(WorkerPool pool, HostIsa isa)
    {
        int width = isa switch { HostIsa.Avx512 => 16, HostIsa.Avx2 => 8, _ => System.Numerics.Vector<float>.Count };
        double flops = 2.0 * width * FmaChains * FmaRounds * pool.Workers;
        return flops / Best(() => pool.Run(pool.Workers, new FmaJob { Isa = isa })) / 1e9;
    }

    private static unsafe double Copy(WorkerPool pool)
    {
        using NativeBuffer source = new("copy source", CopyBytes);
        using NativeBuffer destination = new("copy destination", CopyBytes);
        CopyJob job = new() { Source = source.Address, Destination = destination.Address, Bytes = CopyBytes / pool.Workers };
        return 2.0 * CopyBytes / Best(() => pool.Run(pool.Workers, job)) / 1e9;
    }

    private static double Best(Action action)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private struct FmaJob : ITileJob
    {
        public HostIsa Isa;

        public readonly void Execute(int tile, int worker)
        {
            float sink = Isa switch
            {
                HostIsa.Avx512 => FmaLoop.Avx512(FmaRounds),
                HostIsa.Avx2 => FmaLoop.Avx2(FmaRounds),
                _ => FmaLoop.Portable(FmaRounds),
            };
            GC.KeepAlive(sink);
        }
    }

    private unsafe struct CopyJob : ITileJob
    {
        public byte* Source;
        public byte* Destination;
        public long Bytes;

        public readonly void Execute(int tile, int worker) =>
            Buffer.MemoryCopy(Source + (tile * Bytes), Destination + (tile * Bytes), Bytes, Bytes);
    }
}
