using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>A base with the experts of some image classification tasks, their heads and their data.</summary>
internal sealed class ImageTasks : IDisposable
{
    private const int EvaluationBatch = 250;

    private ImageTasks(Ensemble ensemble, IReadOnlyList<SupervisedTask> tasks)
    {
        Ensemble = ensemble;
        Tasks = tasks;
        Evaluator = new FrontEvaluator(ensemble.Backbone, tasks, EvaluationBatch);
    }

    /// <summary>Base, experts and the network that is merged into.</summary>
    public Ensemble Ensemble { get; }

    /// <summary>The tasks in the order of the experts.</summary>
    public IReadOnlyList<SupervisedTask> Tasks { get; }

    /// <summary>Scores networks on the whole test data.</summary>
    public FrontEvaluator Evaluator { get; }

    /// <summary>Names of the tasks.</summary>
    public string[] Names => [.. Tasks.Select(static task => task.Name)];

    /// <summary>The loss of guessing, ln(classes), per task: the reference point of loss hypervolumes.</summary>
    public double[] GuessingLosses => [.. Tasks.Select(static task => Math.Log(task.Head.Classes))];

    /// <summary>Opens models and data.</summary>
    /// <param name="backend">Computes; stays with the caller.</param>
    /// <param name="basePath">Folder of the base's checkpoint.</param>
    /// <param name="sources">One per task.</param>
    /// <exception cref="DataException">A file is missing or does not fit.</exception>
    public static ImageTasks Open(IBackend backend, string basePath, IReadOnlyList<ImageTaskSource> sources)
    {
        Checkpoint start = Checkpoint.Open(basePath);
        Backbone backbone = ModelLoader.LoadBackbone(backend, start);
        Ensemble ensemble = new(backbone, start, [.. sources.Select(static source => Checkpoint.Open(source.Expert))]);
        return new ImageTasks(ensemble, [.. sources.Select((source, i) => LoadTask(
            source, ModelLoader.LoadLinearHead(backend, ensemble.Experts[i]), ensemble.Experts[i]))]);
    }

    /// <summary>A task with its data.</summary>
    /// <param name="source">Where the data is.</param>
    /// <param name="head">The task's classifier; owned by the task.</param>
    /// <param name="model">Says how large images are and how they are normalised.</param>
    public static SupervisedTask LoadTask(ImageTaskSource source, LinearHead head, Checkpoint model)
    {
        ViTConfig config = ViTConfig.From(model.Configuration);
        PixelNormalization normalization = PixelNormalization.Read(model.Path, model.Configuration, config.NumChannels);
        ImageDataset Load(string split) => ImageDataset.Load(
            source.Name,
            $"{source.Data}-{split}-images-idx3-ubyte.gz",
            $"{source.Data}-{split}-labels-idx1-ubyte.gz",
            normalization,
            config.ImageSize,
            head.Classes);
        return new SupervisedTask(source.Name, head, Objective.Classification, Load("train"), Load("test"));
    }

    /// <summary>Scores every expert on its own task.</summary>
    public TaskScore[] ScoreExperts()
    {
        using UniformFusion soup = UniformFusion.Soup(Ensemble);
        TaskEvaluator evaluator = new(Ensemble.Backbone, EvaluationBatch);
        TaskScore[] scores = new TaskScore[Tasks.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            float[] only = new float[scores.Length];
            only[i] = 1;
            soup.Apply(only);
            scores[i] = evaluator.Score(Tasks[i]);
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SupervisedTask task in Tasks)
        {
            task.Dispose();
        }

        Ensemble.Backbone.Dispose();
        Ensemble.Dispose();
    }
}
