using System;
using System.Threading;

namespace Engine.Kernels.Host;

/// <summary>
/// A fixed set of threads that run tiles of one job at a time. The caller takes part as worker 0. Workers spin for a few
/// microseconds after a job, because the next op usually follows at once, then park. Running a job allocates nothing.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    // About 30 microseconds of Thread.SpinWait(16): longer than the gap between two ops, shorter than a scheduler slice.
    private const int SpinRounds = 300;

    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _wake;
    private readonly int[] _parked;

    private delegate*<void*, int, int, void> _body;
    private void* _job;
    private int _tiles;
    private int _nextTile;
    private int _running;
    private int _generation;
    private volatile bool _stopping;

    /// <param name="workers">Number of workers, the caller included; at least 1.</param>
    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _threads = new Thread[workers - 1];
        _wake = new ManualResetEventSlim[workers - 1];
        _parked = new int[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new ManualResetEventSlim(initialState: false, spinCount: 0);
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"FusionEngine worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Workers { get; }

    /// <summary>Runs all tiles and returns when they are done.</summary>
    public void Run<TJob>(int tiles, TJob job)
        where TJob : unmanaged, ITileJob
    {
        if (_threads.Length == 0 || tiles <= 1)
        {
            for (int tile = 0; tile < tiles; tile++)
            {
                job.Execute(tile, 0);
            }

            return;
        }

        _body = &Invoke<TJob>;
        _job = &job;
        _tiles = tiles;
        _nextTile = 0;
        _running = _threads.Length;
        Interlocked.Increment(ref _generation);
        for (int i = 0; i < _threads.Length; i++)
        {
            if (Interlocked.Exchange(ref _parked[i], 0) == 1)
            {
                _wake[i].Set();
            }
        }

        TakeTiles(0);
        SpinWait spin = default;
        while (Volatile.Read(ref _running) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        Interlocked.Increment(ref _generation);
        for (int i = 0; i < _threads.Length; i++)
        {
            _wake[i].Set();
            _threads[i].Join();
            _wake[i].Dispose();
        }
    }

    private static void Invoke<TJob>(void* job, int tile, int worker)
        where TJob : unmanaged, ITileJob => ((TJob*)job)->Execute(tile, worker);

    private void TakeTiles(int worker)
    {
        int tile;
        while ((tile = Interlocked.Increment(ref _nextTile) - 1) < _tiles)
        {
            _body(_job, tile, worker);
        }
    }

    private void Work(int index)
    {
        int seen = 0;
        while (true)
        {
            AwaitNext(index, seen);
            seen = Volatile.Read(ref _generation);
            if (_stopping)
            {
                return;
            }

            TakeTiles(index + 1);
            Interlocked.Decrement(ref _running);
        }
    }

    private void AwaitNext(int index, int seen)
    {
        for (int round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref _generation) != seen)
            {
                return;
            }

            Thread.SpinWait(16);
        }

        while (Volatile.Read(ref _generation) == seen)
        {
            _wake[index].Reset();
            Interlocked.Exchange(ref _parked[index], 1);
            if (Volatile.Read(ref _generation) != seen)
            {
                Interlocked.Exchange(ref _parked[index], 0);
                return;
            }

            _wake[index].Wait();
        }
    }
}
