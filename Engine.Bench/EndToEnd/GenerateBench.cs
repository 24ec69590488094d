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
        double bytes = (double)tokens * backbone.Parameters.ByteLength;
        using ReadComparison? reads = setup.CompareWithReads(backbone.TokenTable, bytes);
        Measurement measurement = setup.Measure(Generate, reads: reads);
        string name = $"generate {model} {tokens} tokens {weightType}";
        BenchReport.Print(setup, new BenchResult(name, "tokens/s", tokens, measurement) { Bytes = bytes, Reads = reads });

        void Generate()
        {
            foreach (int _ in generator.Generate(prompt, tokens))
            {
                // The time is what counts.
            }
        }
    }
}
