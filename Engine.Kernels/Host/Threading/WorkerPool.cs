using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Engine.Kernels.Host;

/// <summary>
/// A fixed set of threads that run the tiles of one job at a time. The caller takes part as worker 0 and never waits for a
/// thread that has not begun: a job is closed when its last tile is taken, and threads that wake later find it closed. So
/// on a busy machine a job takes at most as long as on one thread. After a job, threads spin for some microseconds, because
/// the next op usually follows at once, then park. Running a job allocates nothing. One thread at a time may call
/// <see cref="Run"/>.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int Closed = int.MinValue;

    // Longer than the gap between two ops, much shorter than a scheduler's time slice.
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 40;

    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim[] _wake;
    private readonly int[] _parked;
    private readonly bool _spins;

    private PoolSignals _signals = new() { Gate = Closed };
    private delegate*<void*, int, int, void> _body;
    private void* _job;
    private int _tiles;
    private ExceptionDispatchInfo? _fault;
    private volatile bool _stopping;

    /// <param name="workers">Number of workers, the caller included; at least 1.</param>
    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _spins = workers <= Environment.ProcessorCount;
        _threads = new Thread[workers - 1];
        _wake = new ManualResetEventSlim[workers - 1];
        _parked = new int[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new ManualResetEventSlim(initialState: false, spinCount: 0);
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"FusionEngine worker {i + 1}" };
        }

        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Workers { get; }

    /// <summary>Runs all tiles on the caller, for jobs too small to be worth waking anybody.</summary>
    public static void RunInline<TJob>(int tiles, TJob job)
        where TJob : unmanaged, ITileJob
    {
        for (int tile = 0; tile < tiles; tile++)
        {
            job.Execute(tile, 0);
        }
    }

    /// <summary>Runs all tiles and returns when they are done. If a tile throws, tiles not yet taken are dropped and the
    /// first exception is rethrown here, after every worker has left the job.</summary>
    public void Run<TJob>(int tiles, TJob job)
        where TJob : unmanaged, ITileJob
    {
        if (_threads.Length == 0 || tiles <= 1)
        {
            RunInline(tiles, job);
            return;
        }

        _body = &Invoke<TJob>;
        _job = &job;
        _tiles = tiles;
        _signals.NextTile = 0;
        Volatile.Write(ref _signals.Gate, 0);
        Interlocked.Increment(ref _signals.Generation);
        WakeParked(Math.Min(_threads.Length, tiles - 1));
        TakeTiles(0);

        Interlocked.Add(ref _signals.Gate, Closed);
        SpinWait spin = default;
        while (Volatile.Read(ref _signals.Gate) != Closed)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (_fault is { } fault)
        {
            _fault = null;
            fault.Throw();
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        Interlocked.Increment(ref _signals.Generation);
        for (int i = 0; i < _threads.Length; i++)
        {
            _wake[i].Set();
            _threads[i].Join();
            _wake[i].Dispose();
        }
    }

    private static void Invoke<TJob>(void* job, int tile, int worker)
        where TJob : unmanaged, ITileJob => ((TJob*)job)->Execute(tile, worker);

    private void WakeParked(int wanted)
    {
        for (int i = 0; i < wanted; i++)
        {
            if (Interlocked.Exchange(ref _parked[i], 0) == 1)
            {
                _wake[i].Set();
            }
        }
    }

    private void TakeTiles(int worker)
    {
        try
        {
            int tile;
            while ((tile = Interlocked.Increment(ref _signals.NextTile) - 1) < _tiles)
            {
                _body(_job, tile, worker);
            }
        }
        catch (Exception exception)
        {
            // Not handled here: carried to the caller of Run. The job lies on its stack, so it may not leave before the others.
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _signals.NextTile, _tiles);
        }
    }

    private void Work(int index)
    {
        int seen = 0;
        while (true)
        {
            seen = AwaitNext(index, seen);
            if (_stopping)
            {
                return;
            }

            if (TryEnter())
            {
                TakeTiles(index + 1);
                Interlocked.Decrement(ref _signals.Gate);
            }
        }
    }

    /// <summary>Enters the current job unless it is closed. A job entered stays valid until it is left again.</summary>
    private bool TryEnter()
    {
        int gate = Volatile.Read(ref _signals.Gate);
        while (gate >= 0)
        {
            int found = Interlocked.CompareExchange(ref _signals.Gate, gate + 1, gate);
            if (found == gate)
            {
                return true;
            }

            gate = found;
        }

        return false;
    }

    /// <summary>Waits until the generation differs from <paramref name="seen"/> and returns it.</summary>
    private int AwaitNext(int index, int seen)
    {
        int generation;
        long deadline = _spins ? Stopwatch.GetTimestamp() + SpinTicks : 0;
        do
        {
            if ((generation = Volatile.Read(ref _signals.Generation)) != seen)
            {
                return generation;
            }

            Thread.SpinWait(8);
        }
        while (Stopwatch.GetTimestamp() < deadline);

        while (true)
        {
            // The order matters: reset, announce, look again, sleep. A job offered in between is either seen or sets the event.
            _wake[index].Reset();
            Interlocked.Exchange(ref _parked[index], 1);
            if ((generation = Volatile.Read(ref _signals.Generation)) != seen)
            {
                Interlocked.Exchange(ref _parked[index], 0);
                return generation;
            }

            _wake[index].Wait();
        }
    }
}
