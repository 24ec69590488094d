using System;
using System.IO;

namespace WeightsTools;

/// <summary>The two streams of the process and the one status line that an interactive terminal shows at its lower end.</summary>
/// <param name="output">Results.</param>
/// <param name="error">Messages, progress, errors.</param>
/// <param name="errorIsInteractive">A person watches <paramref name="error"/>: a status line may be rewritten in place.</param>
/// <param name="width">Columns.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool errorIsInteractive, int width)
{
    private const int WidthOfFiles = 120;
    private const string ClearLine = "\r\e[K";

    private readonly object _gate = new();
    private bool _statusShown;

    /// <summary>Results, and nothing else.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Messages, progress, errors. Lines go through <see cref="WriteErrorLine"/>, which respects the status line.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True if a status line can be rewritten in place.</summary>
    public bool ErrorIsInteractive { get; } = errorIsInteractive;

    /// <summary>Columns of the terminal, or a fixed number for files and pipes.</summary>
    public int Width { get; } = width;

    /// <summary>The terminal of this process.</summary>
    public static Terminal ForProcess()
    {
        bool dumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" && !OperatingSystem.IsWindows();
        bool interactive = !Console.IsErrorRedirected && !dumb;
        int width = interactive && Console.WindowWidth > 0 ? Console.WindowWidth : WidthOfFiles;
        return new Terminal(Console.Out, Console.Error, interactive, width);
    }

    /// <summary>Writes a line to the error stream, above the status line.</summary>
    public void WriteErrorLine(string line)
    {
        lock (_gate)
        {
            EraseStatus();
            Error.WriteLine(line);
        }
    }

    /// <summary>Shows or replaces the status line; only for interactive terminals.</summary>
    public void ShowStatus(string line)
    {
        lock (_gate)
        {
            // A line as wide as the terminal would wrap, and could not be rewritten.
            Error.Write(ClearLine);
            Error.Write(line.Length < Width ? line : line[..(Width - 1)]);
            Error.Flush();
            _statusShown = true;
        }
    }

    /// <summary>Removes the status line if there is one.</summary>
    public void ClearStatus()
    {
        lock (_gate)
        {
            EraseStatus();
        }
    }

    private void EraseStatus()
    {
        if (_statusShown)
        {
            Error.Write(ClearLine);
            _statusShown = false;
        }
    }
}
