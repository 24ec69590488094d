using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Engine.Kernels.Device;

/// <summary>Compiles kernels in the background, so that the first step does not wait for all of them one after the other.</summary>
internal sealed class KernelPreparation : IDisposable
{
    private readonly Action<IDeviceKernel> _load;
    private readonly int _threads;
    private volatile bool _isOver;
    private Task _task = Task.CompletedTask;

    /// <param name="load">Compiles a kernel and keeps it, or what is wrong with it; called on several threads.</param>
    /// <param name="threads">How many.</param>
    public KernelPreparation(Action<IDeviceKernel> load, int threads)
    {
        _load = load;
        _threads = threads;
    }

    /// <summary>Begins; returns at once. Once only.</summary>
    /// <param name="kernels">What will be launched first comes first.</param>
    /// <returns>Ends when all are compiled, or with the preparation; never fails.</returns>
    public Task Start(IReadOnlyList<IDeviceKernel> kernels)
    {
        int next = -1;
        Task[] tasks = new Task[Math.Min(_threads, kernels.Count)];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return _task = Task.WhenAll(tasks);

        void Work()
        {
            int index;
            while (!_isOver && (index = Interlocked.Increment(ref next)) < kernels.Count)
            {
                try
                {
                    _load(kernels[index]);
                }
                catch (Exception)
                {
                    // Kept with the kernel: who launches it is told.
                }
            }
        }
    }

    /// <summary>Ends the preparation; waits for the kernels that are being compiled.</summary>
    public void Dispose()
    {
        _isOver = true;
        _task.Wait();
    }
}
