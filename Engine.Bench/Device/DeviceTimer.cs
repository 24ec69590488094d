using System;
using System.Diagnostics;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>Times work that is enqueued: many repeats between two synchronisations, so that neither the clock nor the launch of the
/// first and the end of the last one count.</summary>
/// <param name="backend">Computes.</param>
/// <param name="seconds">Least time between the synchronisations.</param>
internal sealed class DeviceTimer(IBackend backend, double seconds)
{
    private const int WarmUps = 3;
    private const int Samples = 7;
    private const int MostRepeats = 1 << 16;

    /// <summary>Seconds of one repeat: the median of several samples.</summary>
    /// <param name="enqueue">Enqueues one repeat; gets its number, to choose operands by.</param>
    public double Median(Action<int> enqueue) => Measure(enqueue).Median;

    /// <summary>Seconds of one repeat, in several samples.</summary>
    /// <param name="enqueue">Enqueues one repeat; gets its number, to choose operands by.</param>
    public Measurement Measure(Action<int> enqueue)
    {
        Sample(enqueue, WarmUps);
        int repeats = 1;
        double total = Sample(enqueue, repeats);
        while (total < seconds && repeats < MostRepeats)
        {
            double wanted = repeats * 1.2 * seconds / Math.Max(total, 1e-6);
            repeats = (int)Math.Clamp(wanted, repeats + 1, Math.Min(10.0 * repeats, MostRepeats));
            total = Sample(enqueue, repeats);
        }

        double[] samples = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            samples[i] = Sample(enqueue, repeats) / repeats;
        }

        Array.Sort(samples);
        return new Measurement(samples);
    }

    private double Sample(Action<int> enqueue, int repeats)
    {
        backend.Synchronize();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            enqueue(i);
        }

        backend.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
