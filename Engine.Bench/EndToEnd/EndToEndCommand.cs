using System;
using System.CommandLine;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>"e2e": one JSON line per case.</summary>
internal static class EndToEndCommand
{
    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "Worker threads; 0 for one per processor",
        Recursive = true,
    };

    private static readonly Option<string> Device = new("--device")
    {
        Description = $"What computes: one of {string.Join(", ", Backends.Names)}",
        DefaultValueFactory = static _ => Backends.Host,
        Recursive = true,
    };

    private static readonly Option<string> InPrecision = new("--precision")
    {
        Description = "What operands of matrix products are rounded to: f32, or on tensor cores tf32 or bf16",
        DefaultValueFactory = static _ => Precisions.NameOf(Precision.Float32),
        Recursive = true,
    };

    private static readonly Option<double?> Seconds = new("--seconds")
    {
        Description = "Least time of the repeats of a case",
        Recursive = true,
    };

    private static readonly Option<string> Model = new("--model") { Description = $"One of {string.Join(", ", BenchModels.Names)}" };
    private static readonly Option<int> Batch = new("--batch") { Description = "Samples (per task)", DefaultValueFactory = static _ => 16 };

    private static readonly Option<int?> SamplesPerStep = new("--samples-per-step")
    {
        Description = "Samples of all tasks together, instead of --batch: the same work for any number of experts; a multiple of --experts",
    };

    private static readonly Option<int> Experts = new("--experts")
    {
        Description = "Number of experts",
        DefaultValueFactory = static _ => 2,
    };

    private static readonly Option<int> Tokens = new("--tokens")
    {
        Description = "Tokens per sequence",
        DefaultValueFactory = static _ => 64,
    };

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
    /// <param name="peaks">Of the machine; measured in every run if null.</param>
    public static Command Create(MachinePeaks? peaks = null)
    {
        InPrecision.AcceptOnlyFromAmong([.. Precisions.Names]);
        Command command = new("e2e", "Whole jobs at real size with random weights: rate, memory, share of the machine's peaks")
        {
            Device,
            Threads,
            InPrecision,
            Seconds,
        };
        Add("gemm", "A product in its three forms", [M, N, K], static (setup, p) =>
            GemmBench.Run(setup, p.GetValue(M), p.GetValue(N), p.GetValue(K)));
        Add("vit-forward", "Forward pass of a vision model", [Model, Batch, StoredAs], static (setup, p) =>
            ForwardBench.Run(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Batch), Dtype(p)));
        Add("gpt2-train", "Forward, backward and AdamW of a language model", [Model, Batch, Tokens], static (setup, p) =>
            TrainBench.Run(setup, p.GetValue(Model) ?? "gpt2", p.GetValue(Batch), p.GetValue(Tokens)));
        Command step = Add(
            "pareto-step",
            "One step of router training",
            [Model, Experts, Batch, SamplesPerStep, Tokens, StoredAs, ByGranularity],
            static (setup, p) => ParetoStepBench.Run(
                setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), BatchPerTask(p), p.GetValue(Tokens), Dtype(p), Routers(p)));
        step.Validators.Add(static result =>
        {
            if (result.GetValue(SamplesPerStep) is int samples && (samples < 1 || samples % result.GetValue(Experts) != 0))
            {
                result.AddError($"--samples-per-step: expected a multiple of {result.GetValue(Experts)} experts, found {samples}.");
            }
        });
        Add("merge", "Merging the MLPs of all experts", [Model, Experts, StoredAs], static (setup, p) =>
            MergeBench.Merge(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), Dtype(p)));
        Add("multi-dot", "Contracting the MLPs' gradients with all task vectors", [Model, Experts, StoredAs], static (setup, p) =>
            MergeBench.MultiDot(setup, p.GetValue(Model) ?? "vit-b32", p.GetValue(Experts), Dtype(p)));
        Add("generate", "Greedy generation, one sequence", [Model, Tokens, StoredAs], static (setup, p) =>
            GenerateBench.Run(setup, p.GetValue(Model) ?? "gpt2", p.GetValue(Tokens), Dtype(p)));
        return command;

        Command Add(string name, string description, Option[] options, Action<BenchSetup, ParseResult> run)
        {
            Command bench = new(name, description);
            Array.ForEach(options, bench.Options.Add);
            bench.SetAction(result =>
            {
                using BenchSetup setup = new(Open(result), result.GetValue(Seconds), result.InvocationConfiguration.Output, peaks);
                run(setup, result);
                if (setup.Backend is DeviceBackend { Graphs: LaunchGraphs graphs })
                {
                    string outcome = graphs.Failure is string failure ? $"failed: {failure}" : $"enqueued {graphs.Replays} times";
                    result.InvocationConfiguration.Error.WriteLine($"graphs: {outcome}");
                }
            });
            command.Subcommands.Add(bench);
            return bench;
        }
    }

    private static IBackend Open(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        return Backends.Create(
            result.GetValue(Device)!,
            threads == 0 ? Environment.ProcessorCount : threads,
            Precisions.Parse(result.GetValue(InPrecision)!));
    }

    private static int BatchPerTask(ParseResult result) => result.GetValue(SamplesPerStep) is int samples
        ? samples / result.GetValue(Experts)
        : result.GetValue(Batch);

    private static DType Dtype(ParseResult result) => result.GetValue(StoredAs) == "bf16" ? DType.BF16 : DType.F32;

    private static RouterSettings Routers(ParseResult result) => result.GetValue(ByGranularity) is { } granularity
        ? RouterSettings.Residual(granularity)
        : RouterSettings.Paper(RoutedModules.Mlp);
}
