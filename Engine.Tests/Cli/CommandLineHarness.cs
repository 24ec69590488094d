using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text.Json;
using System.Threading;
using WeightsTools;

namespace Engine.Tests;

/// <summary>Runs command lines in this process and keeps what they write.</summary>
internal sealed class CommandLineHarness : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>What went to standard output.</summary>
    public string Output => _output.ToString();

    /// <summary>What went to standard error.</summary>
    public string Error => _error.ToString();

    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs the product's own commands.</summary>
    public int Run(params string[] arguments) => new CommandLine(Terminal()).Run(arguments, CancellationToken.None);

    /// <summary>Runs commands of a test.</summary>
    public int Run(IReadOnlyList<Command> commands, CancellationToken cancellation, params string[] arguments) =>
        new CommandLine(Terminal()).Run(arguments, commands, cancellation);

    /// <summary>Runs a command named "test" that does something.</summary>
    public int RunAction(Func<CommandContext, int> action, params string[] options) =>
        Run([new ActionCommand(action)], CancellationToken.None, ["test", .. options]);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Terminal Terminal() => new(_output, _error, errorIsInteractive: false, width: 120);

    private sealed class ActionCommand(Func<CommandContext, int> action) : ToolCommand("test", "Does what a test needs")
    {
        public override int Run(CommandContext context) => action(context);
    }
}
