using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Greedy generation of one sequence: every token reads all weights once.</summary>
internal static class GenerateBench
{
    public static void Run(BenchSetup setup, string model, int tokens, DType weightType)
    {
        using Gpt2Backbone backbone = (Gpt2Backbone)BenchModels.Create(setup.Backend, model, weightType);
        using Gpt2Generator generator = new(backbone);
        int[] prompt = [1, 2, 3, 4, 5, 6, 7, 8];
        Measurement measurement = setup.Measure(() =>
        {
            foreach (int _ in generator.Generate(prompt, tokens))
            {
                // The time is what counts.
            }
        });
        double bytes = (double)tokens * backbone.Parameters.ByteLength;
        string name = $"generate {model} {tokens} tokens {weightType}";
        BenchReport.Print(setup, new BenchResult(name, "tokens/s", tokens, measurement) { Bytes = bytes });
    }
}
