using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Engine.Bench;

/// <summary>Times of one action, repeated after a warm-up.</summary>
/// <param name="Seconds">Of every counted repeat, sorted.</param>
internal sealed record Measurement(IReadOnlyList<double> Seconds)
{
    /// <summary>The middle repeat.</summary>
    public double Median => Seconds[Seconds.Count / 2];

    /// <summary>Repeats an action until both bounds are met.</summary>
    /// <param name="action">What is timed.</param>
    /// <param name="leastRepeats">Counted repeats at the least.</param>
    /// <param name="leastSeconds">Time of all counted repeats at the least.</param>
    /// <param name="reads">Reads between repeats, if there are to be some.</param>
    /// <param name="warmUps">Repeats before those that count.</param>
    public static Measurement Of(
        Action action, int leastRepeats, double leastSeconds, ReadComparison? reads = null, int warmUps = 2)
    {
        for (int i = 0; i < warmUps; i++)
        {
            action();
        }

        reads?.Begin();
        List<double> seconds = [];
        long begin = Stopwatch.GetTimestamp();
        while (seconds.Count < leastRepeats || Stopwatch.GetElapsedTime(begin).TotalSeconds < leastSeconds)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            reads?.Next(seconds[^1]);
        }

        seconds.Sort();
        return new Measurement(seconds);
    }

    /// <summary>Work per second of every repeat, from the fastest to the slowest.</summary>
    /// <param name="work">Units of work of one repeat.</param>
    public IReadOnlyList<double> Rates(double work) => [.. Seconds.Select(second => work / second)];
}
