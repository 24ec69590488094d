using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels.Host;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void CSharpBlock_IsTheExampleThatRuns()
    {
        string[] source = File.ReadAllLines(SourceTree.PathOf("Engine.Tests", "Readme", "ReadmeExample.cs"));
        int begin = Array.FindIndex(source, static line => line.Trim() == "// README: begin");
        int end = Array.FindIndex(source, static line => line.Trim() == "// README: end");
        string[] example = [.. source[(begin + 1)..end].Select(static line => line.Length > 8 ? line[8..] : line)];
        Assert.Equal(example, Block("csharp"));
    }

    [Fact]
    public void Example_SavesACheckpointOfThePreference()
    {
        using ScratchFolder folder = new();
        string models = SourceTree.PathOf("samples", "models");
        string routers = folder.File("routers.safetensors");
        string output = folder.File("mixed");
        using HostBackend backend = new(threads: 1);
        Checkpoint origin = Checkpoint.Open(Path.Combine(models, "base"));
        using Backbone network = ModelLoader.CreateBackbone(backend, origin.Configuration);
        Checkpoint[] experts = [Checkpoint.Open(Path.Combine(models, "digits")), Checkpoint.Open(Path.Combine(models, "fashion"))];
        using Ensemble ensemble = new(network, origin, experts);
        using RoutedFusion fusion = new(ensemble, RouterSettings.Residual(Granularity.Tensor));
        SupervisedTask[] tasks =
        [
            new("digits", ModelLoader.LoadLinearHead(backend, experts[0]), Objective.Classification),
            new("fashion", ModelLoader.LoadLinearHead(backend, experts[1]), Objective.Classification),
        ];
        RouterFile.Write(routers, fusion, tasks);

        ReadmeExample.Run(models, routers, output);

        // Routers of zero leave the soup.
        using Checkpoint mixed = Checkpoint.Open(output);
        const string Name = "vit.layernorm.weight";
        float[] expected = [.. experts[0].ReadSingles(Name).Zip(experts[1].ReadSingles(Name), static (a, b) => (0.3f * a) + (0.7f * b))];
        Assert.All(mixed.ReadSingles(Name).Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        Array.ForEach(tasks, static task => task.Dispose());
    }

    [Fact]
    public void Commands_AreUnderstood()
    {
        string[] commands = [.. File.ReadAllLines(SourceTree.PathOf("README.md"))
            .Select(static line =>
                line.Replace("dotnet run -c Release --project weights-tools --", "weights-tools", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("weights-tools ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 6, "The README shows the main commands.");
        RootCommand root = new();
        foreach (Command command in CommandCatalogue.Create())
        {
            root.Add(command);
        }

        Assert.All(commands, line => Assert.Empty(root.Parse(line["weights-tools ".Length..]).Errors));
    }

    private static IEnumerable<string> Block(string language) => File.ReadAllLines(SourceTree.PathOf("README.md"))
        .SkipWhile(line => line != "```" + language)
        .Skip(1)
        .TakeWhile(static line => line != "```");
}
