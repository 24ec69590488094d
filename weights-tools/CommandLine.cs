using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using System.Threading;

namespace WeightsTools;

/// <summary>Parses the arguments, runs the command they name and turns whatever happens into an exit code. The only place that catches
/// <see cref="Exception"/>.</summary>
/// <param name="terminal">Where results, messages and errors go.</param>
internal sealed class CommandLine(Terminal terminal)
{
    // Paragraphs without line breaks: the help wraps them.
    private const string Description =
        "One pretrained transformer and its fine-tuned copies become one network with a dial.\n\n"
        + "Small routers learn how to mix a base checkpoint and one expert per task for any preference over the tasks. The result is a "
        + "whole Pareto front in one small file, and for any preference a plain checkpoint of the original size.\n\n"
        + "Results go to standard output, progress and messages to standard error.\n"
        + "Exit codes: 0 success, 1 internal error, 2 usage, 3 data, 4 device, 130 cancelled.";

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments, without the program's name. None shows the help.</param>
    /// <param name="cancellation">Cancelled when the user interrupts.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public int Run(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Run(arguments, CommandCatalogue.Create(), cancellation);

    /// <summary>Runs one command line with other commands than the product's, for tests.</summary>
    internal int Run(IReadOnlyList<string> arguments, IEnumerable<Command> commands, CancellationToken cancellation)
    {
        GlobalOptions options = new();
        RootCommand root = CreateRoot(options, commands);

        // '@' is an ordinary character of file names here, not the start of a response file.
        ParseResult parsed = root.Parse(
            arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return Fail(UsageFailure(parsed), arguments.Contains(options.Json.Name, StringComparer.Ordinal), exception: null);
        }

        if (parsed.CommandResult.Command is not ToolCommand command || parsed.Action is not null)
        {
            // Help, version and shell completion bring their own actions.
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error });
        }

        CommandContext context = new(terminal, options, parsed, cancellation);
        try
        {
            int code = command.Run(context);
            context.Complete();
            return code;
        }
        catch (Exception exception)
        {
            return Fail(Failure.From(exception), context.Json, parsed.GetValue(options.Verbose) ? exception : null);
        }
    }

    private static Failure UsageFailure(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> path = command.Parents.OfType<Command>().Prepend(command).Where(c => c is not RootCommand).Select(c => c.Name);
        string call = string.Join(' ', path.Append(CommandContext.ProgramName).Reverse());

        // An unknown word also makes a required one missing; only the cause helps.
        string problem = parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is no command, argument or option of '{call}'"
            : parsed.Errors[0].Message.TrimEnd('.');
        return new Failure(ExitCodes.Usage, $"{problem}; see '{call} --help'.");
    }

    private RootCommand CreateRoot(GlobalOptions options, IEnumerable<Command> commands)
    {
        RootCommand root = new(Description);
        options.AddTo(root);
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            HelpAction action = (HelpAction)help.Action!;
            action.MaxWidth = terminal.Width;
            help.Action = new ExplainingHelpAction(action, terminal.Width);
        }

        return root;
    }

    private int Fail(Failure failure, bool json, Exception? exception)
    {
        terminal.ClearStatus();
        terminal.WriteErrorLine(failure.Code == ExitCodes.Cancelled ? failure.Message : $"error: {failure.Message}");
        if (exception is not null)
        {
            terminal.WriteErrorLine(exception.ToString());
        }

        if (json)
        {
            terminal.Output.WriteLine(JsonOutput.Serialize(new { Error = new { failure.Code, failure.Kind, failure.Message } }));
        }

        return failure.Code;
    }
}
