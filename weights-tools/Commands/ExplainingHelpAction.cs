using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace WeightsTools;

/// <summary>The usual help, and below it what a command says about itself.</summary>
/// <param name="usual">Lists usage, arguments and options.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class ExplainingHelpAction(HelpAction usual, int width) : SynchronousCommandLineAction
{
    private const int MostColumns = 100;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => usual.ClearsParseErrors;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ToolCommand { Explanation.Length: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            foreach (string line in command.Explanation.Split('\n'))
            {
                WriteWrapped(output, line);
            }

            output.WriteLine();
        }

        return code;
    }

    private void WriteWrapped(TextWriter output, string line)
    {
        int columns = Math.Min(width, MostColumns) - 1;
        string rest = line;
        while (rest.Length > columns && !rest.StartsWith(' '))
        {
            int cut = rest.LastIndexOf(' ', columns);
            if (cut <= 0)
            {
                break;
            }

            output.WriteLine(rest[..cut]);
            rest = rest[(cut + 1)..];
        }

        output.WriteLine(rest);
    }
}
