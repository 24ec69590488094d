using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The help of every command says what it does and shows a call.</summary>
public sealed class ExplainingHelpActionTests
{
    public static IEnumerable<TheoryDataRow<string>> Commands =>
        Paths(CommandCatalogue.Create()).Select(static path => new TheoryDataRow<string>(path));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_EveryCommand_ShowsAnExampleThatParses(string path)
    {
        using CommandLineHarness harness = new();
        Assert.Equal(ExitCodes.Success, harness.Run([.. path.Split(' '), "--help"]));

        string[] lines = harness.Output.Split('\n');
        string prefix = $"  weights-tools {path} ";
        string example = Assert.Single(lines.Where(line => $"{line} ".StartsWith(prefix, StringComparison.Ordinal)).Take(1));
        ParseResult parsed = Root().Parse(example.Trim()["weights-tools ".Length..]);
        Assert.Empty(parsed.Errors);
    }

    private static RootCommand Root()
    {
        RootCommand root = new("test");
        foreach (Command command in CommandCatalogue.Create())
        {
            root.Add(command);
        }

        return root;
    }

    private static IEnumerable<string> Paths(IEnumerable<Command> commands) => commands.SelectMany(static command =>
        command is ToolCommand ? [command.Name] : Paths(command.Subcommands).Select(path => $"{command.Name} {path}"));
}
