using System;
using System.CommandLine;
using Engine.Fusion;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>"e2e": one JSON line per case.</summary>
internal static class EndToEndCommand
{
    private static readonly Option<int> Threads = new("--threads") { Description = "Worker threads; 0 for one per processor", Recursive = true };
    private static readonly Option<string> Model = new("--model") { Description = $"One of {string.Join(", ", BenchModels.Names)}" };
    private static readonly Option<int> Batch = new("--batch") { Description = "Samples (per task)", DefaultValueFactory = static _ => 16 };
    private static readonly Option<int> Experts = new("--experts") { Description = "Number of experts", DefaultValueFactory = static _ => 2 };
    private static readonly Option<int> Tokens = new("--tokens") { Description = "Tokens per sequence", DefaultValueFactory = static _ => 64 };
    private static readonly Option<string> StoredAs = new("--dtype")
    {
        Description = "Dtype of base and experts, or of the weights: f32 or bf16",
        DefaultValueFactory = static _ => "f32",
    };

    private static readonly Option<int> M = new("--m") { DefaultValueFactory = static _ => 1536 };
    private static readonly Option<int> N = new("--n") { DefaultValueFactory = static _ => 3072 };
    private static readonly Option<int> K = new("--k") { DefaultValueFactory = static _ => 768 };

    private static readonly Option<Granularity?> ByGranularity = new("--granularity")
    {
        Description = "Residual routers by module, tensor or row; without it the paper's routers on the MLPs",
    };

    /// <summary>The command with its cases.</summary>
    public static Command Create()
    {
        Command command = new("e2e", "Whole jobs at real size with random weights: rate, memory, share of the machine's peaks") { Threads };
        Add(command, "gemm", "A product in its three forms", [M, N, K], static (setup, p) =>
            GemmBench.Run(setup, p.GetValue(M), p.GetValue(N), p.GetValue(K)));
        Add(command, "vit-forward", "Forward pass of a vision model", [Model, Batch, StoredAs], static (setup, p) =>
            ForwardBench.Run(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Batch), Dtype(p)));
        Add(command, "gpt2-train", "Forward, backward and AdamW of a language model", [Model, Batch, Tokens], static (setup, p) =>
            TrainBench.Run(setup, p.GetValue(Model) ?? "gpt2", p.GetValue(Batch), p.GetValue(Tokens)));
        Add(command, "pareto-step", "One step of router training", [Model, Experts, Batch, Tokens, StoredAs, ByGranularity], static (setup, p) =>
            ParetoStepBench.Run(
                setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), p.GetValue(Batch), p.GetValue(Tokens), Dtype(p), Routers(p)));
        Add(command, "merge", "Merging the MLPs of all experts", [Model, Experts, StoredAs], static (setup, p) =>
            MergeBench.Merge(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), Dtype(p)));
        Add(command, "multi-dot", "Contracting the MLPs' gradients with all task vectors", [Model, Experts, StoredAs], static (setup, p) =>
            MergeBench.MultiDot(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), Dtype(p)));
        Add(command, "generate", "Greedy generation, one sequence", [Model, Tokens, StoredAs], static (setup, p) =>
            GenerateBench.Run(setup, p.GetValue(Model) ?? "gpt2", p.GetValue(Tokens), Dtype(p)));
        return command;
    }

    private static void Add(Command parent, string name, string description, Option[] options, Action<BenchSetup, ParseResult> run)
    {
        Command command = new(name, description);
        Array.ForEach(options, command.Options.Add);
        command.SetAction(result =>
        {
            using BenchSetup setup = new(result.GetValue(Threads));
            run(setup, result);
        });
        parent.Subcommands.Add(command);
    }

    private static DType Dtype(ParseResult result) => result.GetValue(StoredAs) == "bf16" ? DType.BF16 : DType.F32;

    private static RouterSettings Routers(ParseResult result) => result.GetValue(ByGranularity) is { } granularity
        ? RouterSettings.Residual(granularity)
        : RouterSettings.Paper(RoutedModules.Mlp);
}
