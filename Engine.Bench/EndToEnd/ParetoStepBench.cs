using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>One step of router training: merge, forward and backward of all tasks, contraction, router update. Merge and contraction, whose
/// cost grows with the experts alone, are timed once more by themselves.</summary>
internal static class ParetoStepBench
{
    public static void Run(BenchSetup setup, string model, int experts, int batch, int tokens, DType dtype, RouterSettings settings)
    {
        using Backbone backbone = BenchModels.Empty(setup.Backend, model, FeaturePooling.LastToken);
        using BenchExperts files = new(backbone, experts, dtype);
        using Ensemble ensemble = new(backbone, files.Base, files.Experts);
        SupervisedTask[] tasks = [.. Enumerable.Range(0, experts).Select(i => Task(setup.Backend, backbone, i))];
        using RoutedFusion fusion = new(ensemble, settings);
        using RouterTrainer trainer = new(fusion, tasks, new RouterTrainingSettings { Steps = 1_000_000, BatchSize = batch });
        Batch[] batches = [.. tasks.Select(_ => Labelled(BenchModels.RandomBatch(backbone, batch, tokens)))];
        float[] preference = [.. Enumerable.Repeat(1f / experts, experts)];
        Measurement measurement = setup.Measure(() => trainer.Train(preference, batches));
        double flops = experts * StepFlops(backbone, batch, tokens, settings.Modules);
        string name = $"pareto-step {model} {experts} experts {dtype} batch {batch}{Sequence(backbone, tokens)} {settings.Name}";
        int passes = experts / ((LinearScalarization)trainer.Objective).TasksPerPass(batches);
        BenchReport.Print(setup, new BenchResult(name, "steps/s", 1, measurement)
        {
            Flops = flops,
            Parts =
            [
                ("merge", setup.Measure(() => fusion.Apply(preference))),
                ("contraction", setup.Measure(() => Contract(fusion, passes))),
            ],
        });
        Array.ForEach(tasks, static task => task.Dispose());
    }

    /// <summary>What the backward passes of a step do with the gradients of one block after the other, here with those that are left.
    /// </summary>
    private static void Contract(RoutedFusion fusion, int passes)
    {
        for (int pass = 0; pass < passes; pass++)
        {
            for (int block = ParameterSpec.OutsideBlocks; block < fusion.Ensemble.Backbone.Geometry.Layers; block++)
            {
                fusion.Contract(block);
            }
        }
    }

    private static string Sequence(Backbone backbone, int tokens) => backbone is VisionBackbone ? string.Empty : $" x {tokens}";

    /// <summary>Forward, gradients of activations, gradients of the routed weights. With routers on the MLPs alone nothing is computed
    /// below the first block's hidden layer.</summary>
    private static double StepFlops(Backbone backbone, int batch, int tokens, RoutedModules modules)
    {
        double forward = BenchModels.ForwardFlops(backbone, batch, tokens);
        if (modules != RoutedModules.Mlp)
        {
            return 3 * forward;
        }

        TransformerGeometry g = backbone.Geometry;
        double Mlp(bool isLast) => 2 * BenchModels.RowsOf(backbone, tokens, isLast) * g.Width * g.Hidden;
        double states = ((g.Layers - 2) * BenchModels.BlockFlops(backbone, tokens, isLast: false))
            + BenchModels.BlockFlops(backbone, tokens, isLast: true) + Mlp(isLast: false);
        double weights = 2 * (((g.Layers - 1) * Mlp(isLast: false)) + Mlp(isLast: true));
        return forward + (batch * (states + weights));
    }

    private static SupervisedTask Task(IBackend backend, Backbone backbone, int index)
    {
        LinearHead head = LinearHead.Create(backend, "classifier", backbone.FeatureSize, 10, bias: true);
        RandomTensors.FillParameters(backend, head.Parameters);
        return new SupervisedTask($"task {index}", head, Objective.Classification);
    }

    private static Batch Labelled(Batch batch)
    {
        for (int i = 0; i < batch.Labels.Length; i++)
        {
            batch.Labels[i] %= 10;
        }

        return batch;
    }
}
