using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Kernels.Host;
using Engine.Models;

namespace Engine.Tests;

/// <summary>Base, experts and data of the sample experiment for some of its tasks, and what PyTorch computed with them.</summary>
internal sealed class SampleModels : IDisposable
{
    private readonly HostBackend _backend = new(threads: 2);

    /// <summary>Loads the models and data of some tasks.</summary>
    public SampleModels(params string[] tasks)
    {
        Checkpoint start = Open("base");
        Ensemble = new Ensemble(ModelLoader.LoadBackbone(_backend, start), start, [.. tasks.Select(Open)]);
        Tasks = [.. tasks.Select((task, i) => LoadTask(task, Ensemble.Experts[i]))];
    }

    /// <summary>The contents of fixtures.json.</summary>
    public static JsonElement Expected { get; } =
        JsonDocument.Parse(File.ReadAllText(SourceTree.PathOf("samples", "models", "fixtures.json"))).RootElement;

    public Ensemble Ensemble { get; }

    public SupervisedTask[] Tasks { get; }

    public Backbone Backbone => Ensemble.Backbone;

    /// <summary>The numbers of nested arrays, in order.</summary>
    public static double[] Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().SelectMany(Numbers)]
        : [element.GetDouble()];

    /// <summary>The first images of a data set.</summary>
    public static Batch First(IDataset data, int count)
    {
        Batch batch = data.CreateBatch(count);
        data.Fill(batch, [.. Enumerable.Range(0, count)]);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SupervisedTask task in Tasks)
        {
            task.Dispose();
        }

        Backbone.Dispose();
        Ensemble.Dispose();
        _backend.Dispose();
    }

    private static Checkpoint Open(string model) => Checkpoint.Open(SourceTree.PathOf("samples", "models", model));

    private SupervisedTask LoadTask(string name, Checkpoint expert)
    {
        LinearHead head = ModelLoader.LoadLinearHead(_backend, expert);
        ImageDataset Data(string split) => ImageDataset.Load(
            name,
            SourceTree.PathOf("samples", "data", $"{name}-{split}-images-idx3-ubyte.gz"),
            SourceTree.PathOf("samples", "data", $"{name}-{split}-labels-idx1-ubyte.gz"),
            PixelNormalization.Read(expert.Path, expert.Configuration, channels: 1),
            imageSize: 8,
            head.Classes);
        return new SupervisedTask(name, head, Objective.Classification, Data("train"), Data("test"));
    }
}
