using System;
using System.CommandLine;
using System.IO;
using System.Threading;

namespace WeightsTools;

/// <summary>What a running command sees of the world: its arguments, where its result goes, and whether to stop.</summary>
internal sealed class CommandContext
{
    /// <summary>The program's name in messages.</summary>
    public const string ProgramName = "weights-tools";

    private readonly Terminal _terminal;
    private readonly ParseResult _arguments;
    private readonly bool _quiet;
    private bool _reported;
    private string? _json;

    public CommandContext(Terminal terminal, GlobalOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        _terminal = terminal;
        _arguments = arguments;
        Json = arguments.GetValue(options.Json);
        _quiet = arguments.GetValue(options.Quiet);
        Cancellation = cancellation;
    }

    /// <summary>True if the result is asked for as JSON.</summary>
    public bool Json { get; }

    /// <summary>Cancelled when the user interrupts. Loops call <see cref="CancellationToken.ThrowIfCancellationRequested"/>.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The value of an option: given, or its default.</summary>
    public T Get<T>(Option<T> option) => _arguments.GetValue(option)!;

    /// <summary>The value of an argument: given, or its default.</summary>
    public T Get<T>(Argument<T> argument) => _arguments.GetValue(argument)!;

    /// <summary>Reports the command's result, exactly once. With --json the document is written when the command has succeeded;
    /// otherwise <paramref name="writeText"/> writes for people.</summary>
    /// <param name="document">A record or anonymous type; its public properties are the JSON document.</param>
    /// <param name="writeText">Writes the same result as text.</param>
    public void Report<T>(T document, Action<TextWriter> writeText)
    {
        if (_reported)
        {
            throw new InvalidOperationException("The command reported two results.");
        }

        _reported = true;
        _terminal.ClearStatus();
        if (Json)
        {
            _json = JsonOutput.Serialize(document);
        }
        else
        {
            writeText(_terminal.Output);
        }
    }

    /// <summary>Tells the user something on standard error; --quiet hides it.</summary>
    public void Message(string line)
    {
        if (!_quiet)
        {
            _terminal.WriteErrorLine(line);
        }
    }

    /// <summary>Warns the user on standard error, even with --quiet.</summary>
    public void Warn(string line) => _terminal.WriteErrorLine($"warning: {line}");

    /// <summary>Starts showing the progress of long work; disposing ends it.</summary>
    /// <param name="label">What is being done, for example "training routers".</param>
    /// <param name="total">All units of the work.</param>
    /// <param name="unit">What is counted, in the plural, for example "steps"; "bytes" are shown in KiB, MiB, GiB.</param>
    /// <param name="done">Units done by an earlier, interrupted run.</param>
    public Progress StartProgress(string label, long total, string unit, long done = 0) =>
        new(_quiet ? null : _terminal, TimeProvider.System, label, total, unit, done);

    /// <summary>Writes the JSON document of a command that has ended well.</summary>
    public void Complete()
    {
        if (!_reported)
        {
            throw new InvalidOperationException("The command reported no result.");
        }

        _terminal.ClearStatus();
        if (_json is not null)
        {
            _terminal.Output.WriteLine(_json);
        }
    }
}
