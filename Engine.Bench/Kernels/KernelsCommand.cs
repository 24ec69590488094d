using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>"kernels": the variants of an op side by side.</summary>
internal static class KernelsCommand
{
    private const string Interpreter = "interpreter";
    private const int Failure = 1;
    private const int UsageError = 2;
    private const int DeviceError = 4;

    private static readonly Argument<string?> Op = new("op")
    {
        Description = "Name of an op; without it the ops are listed",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> OnDevice = new("--device")
    {
        Description = "Where: interpreter needs no GPU and counts, cuda and opencl measure",
        DefaultValueFactory = static _ => Interpreter,
    };

    private static readonly Option<string?> Architecture = new("--arch")
    {
        Description = $"Of the PTX that the interpreter runs: {string.Join(", ", KernelPtx.Architectures)}",
    };

    private static readonly Option<int?> Scale = new("--scale")
    {
        Description = "Sides of matrices grow by it; 1 on the interpreter, 16 on a GPU",
    };

    private static readonly Option<int?> M = new("--m") { Description = "Rows of a product" };
    private static readonly Option<int?> N = new("--n") { Description = "Columns of a product" };
    private static readonly Option<int?> K = new("--k") { Description = "Length of a product's sums" };
    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON per variant" };

    static KernelsCommand()
    {
        OnDevice.AcceptOnlyFromAmong(Interpreter, Backends.Cuda, Backends.OpenCl);
        Architecture.AcceptOnlyFromAmong([.. KernelPtx.Architectures]);
        foreach (Option<int?> size in new[] { Scale, M, N, K })
        {
            size.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
                {
                    result.AddError($"{size.Name}: expected 1 or more, found {value}.");
                }
            });
        }
    }

    /// <summary>The command.</summary>
    /// <param name="ops">What can be asked for; the table if null.</param>
    /// <param name="open">Opens a GPU by its backend's name; the driver's first one if null.</param>
    public static Command Create(IReadOnlyList<KernelOp>? ops = null, Func<string, IKernelBench>? open = null)
    {
        IReadOnlyList<KernelOp> table = ops ?? KernelOps.All;
        Command command = new(
            "kernels", "Every variant of an op: its error, and its time on a GPU or what the interpreter of PTX counts without one")
        {
            Op, OnDevice, Architecture, Scale, M, N, K, Json,
        };
        command.SetAction(result =>
        {
            (TextWriter output, TextWriter error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (result.GetValue(Op) is not string name)
            {
                return List(table, output);
            }

            if (table.FirstOrDefault(op => op.Name == name) is not KernelOp op)
            {
                IEnumerable<string> nearest = NearestNames.Of(name, table.Select(static op => op.Name));
                error.WriteLine($"There is no op '{name}'; the nearest names are {string.Join(", ", nearest)}.");
                return UsageError;
            }

            if (FindConflict(result, op) is string conflict)
            {
                error.WriteLine(conflict);
                return UsageError;
            }

            try
            {
                using IKernelBench bench = Open(
                    result, open ?? (static device => new DeviceKernelBench(DeviceDiscovery.Open(device, Precision.Float32))));
                return Run(bench, op, Sizes(result), result.GetValue(Json), output);
            }
            catch (BackendException exception)
            {
                error.WriteLine(exception.Message);
                return DeviceError;
            }
            catch (OverflowException)
            {
                error.WriteLine($"{op.Name}: the operands of this size take more than 2 GB.");
                return UsageError;
            }
        });
        return command;
    }

    private static int List(IReadOnlyList<KernelOp> ops, TextWriter output)
    {
        int width = ops.Max(static op => op.Name.Length);
        foreach (KernelOp op in ops)
        {
            int variants = op.Variants(new KernelSizes(1)).Count;
            output.WriteLine($"{op.Name.PadRight(width)}  {variants} {(variants == 1 ? "variant " : "variants")}  {op.Formula}");
        }

        return 0;
    }

    private static string? FindConflict(ParseResult result, KernelOp op) =>
        !op.IsProduct && (result.GetValue(M) ?? result.GetValue(N) ?? result.GetValue(K)) is not null
            ? $"--m, --n and --k: expected a product, found {op.Name}; its size follows from --scale."
        : result.GetValue(OnDevice) != Interpreter && result.GetValue(Architecture) is not null
            ? "--arch: only the interpreter runs another architecture's PTX."
        : null;

    private static KernelSizes? Sizes(ParseResult result)
    {
        (int? scale, int? m, int? n, int? k) = (result.GetValue(Scale), result.GetValue(M), result.GetValue(N), result.GetValue(K));
        return (scale ?? m ?? n ?? k) is null ? null : new KernelSizes(scale ?? 1) { M = m, N = n, K = k };
    }

    private static IKernelBench Open(ParseResult result, Func<string, IKernelBench> open) => result.GetValue(OnDevice) is string device
        && device != Interpreter ? open(device) : new InterpretedKernelBench(result.GetValue(Architecture) ?? KernelPtx.Architectures[0]);

    private static int Run(IKernelBench bench, KernelOp op, KernelSizes? sizes, bool json, TextWriter output)
    {
        IReadOnlyList<VariantResult> results = bench.Run(op, sizes);
        if (json)
        {
            bench.WriteJson(output, op, results);
        }
        else
        {
            output.WriteLine($"{op.Name}: {op.Formula}; {results[0].Variant.Case}");
            output.WriteLine(bench.Device);
            output.WriteLine();
            bench.WriteTable(output, results);
            WriteNotes(output, results);
        }

        return results.All(static result => result.IsClean) ? 0 : Failure;
    }

    /// <summary>What the variants are, and what is wrong with them.</summary>
    private static void WriteNotes(TextWriter output, IReadOnlyList<VariantResult> results)
    {
        output.WriteLine();
        foreach (VariantResult result in results)
        {
            string note = result.IsSkipped ? " (not on this device)" : string.Empty;
            output.WriteLine($"{result.Variant.Name}: {result.Variant.Description}{note}");
            foreach (string waste in result.Counts?.Waste ?? [])
            {
                output.WriteLine($"  {waste}");
            }
        }

        foreach (VariantResult result in results.Where(static result => !result.IsClean))
        {
            output.WriteLine();
            foreach (string line in (result.Problem is null ? [] : new[] { result.Problem }).Concat(result.Counts?.Findings ?? []))
            {
                output.WriteLine($"{result.Variant.Name} is wrong: {line}");
            }
        }
    }
}
