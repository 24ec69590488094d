using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Every command of the assembly can be reached and explains itself.</summary>
public sealed class CommandCatalogueTests
{
    [Fact]
    public void Create_Commands_AreAllOfTheAssembly()
    {
        IEnumerable<Type> declared = typeof(ToolCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ToolCommand)));

        Assert.Equal(
            declared.Select(type => type.Name).Order(StringComparer.Ordinal),
            All(CommandCatalogue.Create()).OfType<ToolCommand>().Select(command => command.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_CommandsAndTheirParts_HaveDescriptions() => Assert.All(
        All(CommandCatalogue.Create()).SelectMany(command => command.Children.Append(command)),
        symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), symbol.Name));

    private static IEnumerable<Command> All(IEnumerable<Command> commands) =>
        commands.SelectMany(command => All(command.Subcommands).Prepend(command));
}
