using System;
using Engine.Models;

namespace Engine.Bench;

/// <summary>A whole optimiser step of a language model: forward, backward, AdamW on all parameters.</summary>
internal static class TrainBench
{
    public static void Run(BenchSetup setup, string model, int batch, int tokens)
    {
        Gpt2Backbone backbone = (Gpt2Backbone)BenchModels.Create(setup.Backend, model);
        using SupervisedTask task = new(
            "random text", new TiedLanguageModelHead(backbone), Objective.LanguageModeling, new RandomTokens(backbone, tokens));
        using (backbone)
        {
            using FineTuner tuner = new(
                backbone, [task], new FineTuningSettings { BatchSize = batch, Steps = 1_000_000, LearningRate = 1e-5 });
            Measurement measurement = setup.Measure(tuner.TrainStep);
            double head = 2.0 * batch * tokens * backbone.Geometry.Width * backbone.Config.VocabSize;
            double flops = 3 * (BenchModels.ForwardFlops(backbone, batch, tokens) + head);
            string name = $"gpt2-train {model} {batch} x {tokens}";
            BenchReport.Print(setup, new BenchResult(name, "tokens/s", (double)batch * tokens, measurement) { Flops = flops });
        }
    }

    /// <summary>The same random sequences again and again.</summary>
    private sealed class RandomTokens(Gpt2Backbone backbone, int tokens) : IDataset
    {
        public string Name => "random";

        public int Count => 4096;

        public int ClassCount => 0;

        public Batch CreateBatch(int capacity) => BenchModels.RandomBatch(backbone, capacity, tokens);

        public void Fill(Batch batch, ReadOnlySpan<int> indices) => batch.Count = indices.Length;
    }
}
