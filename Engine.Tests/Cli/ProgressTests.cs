using System;
using System.IO;
using System.Linq;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Lines for files, one rewritten line for people.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly StringWriter _error = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public void Report_File_GetsALineEveryFewSecondsAndALastOne()
    {
        using (Progress progress = Start(interactive: false, total: 100))
        {
            for (int step = 1; step <= 100; step++)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(125));
                progress.Report(step, $"loss {step}");
            }
        }

        Assert.Equal(
            [
                "training: 40 of 100 steps  8.00 steps/s  7.5 s left  loss 40",
                "training: 80 of 100 steps  8.00 steps/s  2.5 s left  loss 80",
                "training: 100 of 100 steps  8.00 steps/s  12.5 s  loss 100",
            ],
            Lines());
    }

    [Fact]
    public void Report_ShortWorkInFile_WritesNothing()
    {
        using (Progress progress = Start(interactive: false, total: 2))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(1);
        }

        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Report_Terminal_RewritesOneLineAndRemovesIt()
    {
        using (Progress progress = Start(interactive: true, total: 2))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Report(1);
            progress.Report(2);
        }

        Assert.Equal("\r\e[Ktraining: 1 of 2 steps  1.00 steps/s  1.0 s left\r\e[K", _error.ToString());
    }

    [Fact]
    public void Report_ResumedWork_MeasuresSpeedOfThisRun()
    {
        using Progress progress = new(Terminal(interactive: false), _clock, "training", 1000, "steps", done: 900);
        _clock.Advance(TimeSpan.FromSeconds(10));
        progress.Report(950);

        Assert.Equal(["training: 950 of 1 000 steps  5.00 steps/s  10.0 s left"], Lines());
    }

    [Fact]
    public void Report_Bytes_AreShownInBinaryUnits()
    {
        using Progress progress = new(Terminal(interactive: false), _clock, "merging", 1 << 30, "bytes", done: 0);
        _clock.Advance(TimeSpan.FromSeconds(8));
        progress.Report(1 << 29);

        Assert.Equal(["merging: 512 MiB of 1.00 GiB  64.0 MiB/s  8.0 s left"], Lines());
    }

    [Fact]
    public void WriteErrorLine_WhileStatusIsShown_StandsAboveIt()
    {
        Terminal terminal = Terminal(interactive: true);
        terminal.ShowStatus("status");
        terminal.WriteErrorLine("message");

        Assert.Equal($"\r\e[Kstatus\r\e[Kmessage{Environment.NewLine}", _error.ToString());
    }

    public void Dispose() => _error.Dispose();

    private Terminal Terminal(bool interactive) => new(TextWriter.Null, _error, interactive, width: 120);

    private Progress Start(bool interactive, long total) => new(Terminal(interactive), _clock, "training", total, "steps", done: 0);

    private string[] Lines() => [.. _error.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0)];

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
