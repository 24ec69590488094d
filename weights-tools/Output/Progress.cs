using System;

namespace WeightsTools;

/// <summary>Progress of long work: label, units done, speed, time left. An interactive terminal shows one line that is rewritten; a file
/// or pipe gets a line every few seconds, and none at all for work that is shorter than that.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan InteractiveInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly Terminal? _terminal;
    private readonly TimeProvider _clock;
    private readonly string _label;
    private readonly long _total;
    private readonly string _unit;
    private readonly long _start;
    private readonly long _startTime;
    private readonly TimeSpan _interval;
    private TimeSpan _shown;
    private bool _linesWritten;
    private long _done;
    private string _note = string.Empty;

    /// <summary>Starts the clock.</summary>
    /// <param name="terminal">Where to show it; null to show nothing.</param>
    /// <param name="clock">Measures speed.</param>
    /// <param name="label">What is being done.</param>
    /// <param name="total">All units.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="done">Units that were done before; they do not count for the speed.</param>
    public Progress(Terminal? terminal, TimeProvider clock, string label, long total, string unit, long done)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        _terminal = terminal;
        _clock = clock;
        _label = label;
        _total = total;
        _unit = unit;
        _start = done;
        _done = done;
        _startTime = clock.GetTimestamp();
        _interval = terminal is { ErrorIsInteractive: true } ? InteractiveInterval : LineInterval;
    }

    /// <summary>Says how far the work is. Cheap enough for every step; may be called by several threads.</summary>
    /// <param name="done">Units done so far, those of an earlier run included.</param>
    /// <param name="note">A few more words, for example "loss 0.412".</param>
    public void Report(long done, string? note = null)
    {
        lock (_gate)
        {
            _done = done;
            _note = note ?? _note;
            TimeSpan elapsed = _clock.GetElapsedTime(_startTime);
            if (elapsed - _shown >= _interval)
            {
                _shown = elapsed;
                Show(elapsed);
            }
        }
    }

    /// <summary>Removes the status line, or closes the lines in a file with a last one.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_terminal is { ErrorIsInteractive: true })
            {
                _terminal.ClearStatus();
            }
            else if (_linesWritten)
            {
                Show(_clock.GetElapsedTime(_startTime));
            }
        }
    }

    private void Show(TimeSpan elapsed)
    {
        if (_terminal is null)
        {
            return;
        }

        string line = Describe(elapsed);
        if (_terminal.ErrorIsInteractive)
        {
            _terminal.ShowStatus(line);
        }
        else
        {
            _terminal.WriteErrorLine(line);
            _linesWritten = true;
        }
    }

    private string Describe(TimeSpan elapsed)
    {
        bool bytes = _unit == "bytes";
        string count = bytes
            ? $"{Quantity.Bytes(_done)} of {Quantity.Bytes(_total)}"
            : $"{Quantity.Count(_done)} of {Quantity.Count(_total)} {_unit}";
        string line = $"{_label}: {count}";
        double speed = (_done - _start) / Math.Max(elapsed.TotalSeconds, 1e-9);
        if (speed > 0)
        {
            line += bytes ? $"  {Quantity.Bytes((long)speed)}/s" : $"  {Quantity.Significant(speed)} {_unit}/s";
            line += _done < _total
                ? $"  {Quantity.Duration(TimeSpan.FromSeconds((_total - _done) / speed))} left"
                : $"  {Quantity.Duration(elapsed)}";
        }

        return _note.Length > 0 ? $"{line}  {_note}" : line;
    }
}
