using System;
using System.Linq;
using Engine.Bench;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>A vision transformer of five tokens with two experts, heads and images, all of them random: for tests of how a training runs
/// where every kernel is interpreted.</summary>
internal sealed class TinyExperiment : IDisposable
{
    private const int Classes = 10;
    private const int Images = 6;

    private readonly BenchExperts _files;

    /// <param name="backend">Computes; stays with the caller.</param>
    public TinyExperiment(IBackend backend)
    {
        Backbone = BenchModels.Empty(backend, "vit-tiny");
        _files = new BenchExperts(Backbone, 2, DType.F32);
        Ensemble = new Ensemble(Backbone, _files.Base, _files.Experts);
        Tasks = [.. Enumerable.Range(0, 2).Select(Task)];
    }

    public Backbone Backbone { get; }

    public Ensemble Ensemble { get; }

    public SupervisedTask[] Tasks { get; }

    public void Dispose()
    {
        Array.ForEach(Tasks, static task => task.Dispose());
        Ensemble.Dispose();
        Backbone.Dispose();
        _files.Dispose();
    }

    private SupervisedTask Task(int index)
    {
        LinearHead head = LinearHead.Create(Backbone.Backend, "classifier", Backbone.FeatureSize, Classes, bias: true);
        RandomTensors.FillParameters(Backbone.Backend, head.Parameters);
        Batch batch = BenchModels.RandomBatch(Backbone, Images, tokens: 0);
        for (int i = 0; i < batch.Labels.Length; i++)
        {
            batch.Labels[i] = (i + (3 * index)) % Classes;
        }

        return new SupervisedTask($"task {index}", head, Objective.Classification, new OneBatchDataset(batch));
    }
}
