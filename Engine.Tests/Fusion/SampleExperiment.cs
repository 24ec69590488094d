using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>The repository's sample ViT with experts, heads and data, on one backend.</summary>
internal sealed class SampleExperiment : IDisposable
{
    private static readonly string[] DefaultTasks = ["digits", "fashion"];
    private static readonly Dictionary<string, IDataset> Datasets = new(StringComparer.Ordinal);

    /// <param name="backend">Computes; stays with the caller.</param>
    /// <param name="tasks">Names of experts; two by default.</param>
    public SampleExperiment(IBackend backend, params string[] tasks)
        : this(SourceTree.PathOf("samples", "models"), backend, tasks.Length == 0 ? DefaultTasks : tasks)
    {
    }

    private SampleExperiment(string models, IBackend backend, string[] names)
    {
        Checkpoint baseCheckpoint = Checkpoint.Open(Path.Combine(models, "base"));
        Checkpoint[] experts = [.. names.Select(name => Checkpoint.Open(Path.Combine(models, name)))];
        Backbone = ModelLoader.LoadBackbone(backend, baseCheckpoint);
        Ensemble = new Ensemble(Backbone, baseCheckpoint, experts);
        Tasks = [.. names.Select((name, t) => new SupervisedTask(
            name, ModelLoader.LoadLinearHead(backend, experts[t]), Objective.Classification, Data(name, "train"), Data(name, "test")))];
    }

    public Backbone Backbone { get; }

    public Ensemble Ensemble { get; }

    public SupervisedTask[] Tasks { get; }

    /// <summary>The default tasks with the models of another folder.</summary>
    public static SampleExperiment In(string models, IBackend backend) => new(models, backend, DefaultTasks);

    /// <summary>One batch per task, from the start of its training data.</summary>
    public Batch[] Batches(int size) => [.. Tasks.Select(task => First(task.Train!, size))];

    /// <summary>Copies base and the default experts, so that a test may map and change them undisturbed.</summary>
    public static void CopyModels(string folder)
    {
        foreach (string name in DefaultTasks.Append("base"))
        {
            string target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            foreach (string file in Directory.EnumerateFiles(SourceTree.PathOf("samples", "models", name)))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }

    public void Dispose()
    {
        foreach (SupervisedTask task in Tasks)
        {
            task.Dispose();
        }

        Ensemble.Dispose();
        Backbone.Dispose();
    }

    private static Batch First(IDataset data, int size)
    {
        Batch batch = data.CreateBatch(size);
        data.Fill(batch, [.. Enumerable.Range(0, size)]);
        return batch;
    }

    private static IDataset Data(string task, string split)
    {
        lock (Datasets)
        {
            string name = $"{task}-{split}";
            if (!Datasets.TryGetValue(name, out IDataset? data))
            {
                ModelConfiguration configuration = ModelConfiguration.Read(SourceTree.PathOf("samples", "models", task));
                ViTConfig config = ViTConfig.From(configuration);
                PixelNormalization normalization = PixelNormalization.Read(
                    SourceTree.PathOf("samples", "models", task), configuration, config.NumChannels);
                data = ImageDataset.Load(
                    name,
                    SourceTree.PathOf("samples", "data", $"{name}-images-idx3-ubyte.gz"),
                    SourceTree.PathOf("samples", "data", $"{name}-labels-idx1-ubyte.gz"),
                    normalization,
                    config.ImageSize,
                    config.NumLabels);
                Datasets.Add(name, data);
            }

            return data;
        }
    }
}
