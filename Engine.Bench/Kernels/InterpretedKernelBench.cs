using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.PtxInterpreter;

namespace Engine.Bench;

/// <summary>Without a GPU: the interpreter runs the variants' PTX and counts.</summary>
internal sealed class InterpretedKernelBench : IKernelBench
{
    // Those of an A100; plans depend on it.
    private const int Multiprocessors = 108;

    private readonly InterpretedDevice _device;

    /// <param name="architecture">For example "sm_80".</param>
    public InterpretedKernelBench(string architecture)
    {
        LaunchOptions options = new() { CollectCounters = true, HostThreads = Environment.ProcessorCount };
        _device = new InterpretedDevice(KernelPtx.ArchitectureOf(architecture), options, Multiprocessors);
        Device = $"PTX for {architecture} on the interpreter";
    }

    /// <inheritdoc/>
    public string Device { get; }

    /// <inheritdoc/>
    public IReadOnlyList<VariantResult> Run(KernelOp op, KernelSizes? sizes) =>
        [.. op.Variants(sizes ?? new KernelSizes(1)).Select(Run)];

    /// <inheritdoc/>
    public void WriteTable(TextWriter output, IReadOnlyList<VariantResult> results)
    {
        int width = results.Max(static result => result.Variant.Name.Length);
        output.WriteLine(Row(
            "variant".PadRight(width), "error", "arithmetic", "shared", "global", "barrier", "tensor", "other", "wavefronts", "x ideal",
            "sectors", "x ideal", "flop/B", "findings"));
        foreach (VariantResult result in results)
        {
            string name = result.Variant.Name.PadRight(width);
            string error = result.Compared is { } compared ? Text($"{compared.Error:0.0E-00}") : "-";
            output.WriteLine(result.Counts is { } counts
                ? Row(
                    name,
                    error,
                    Count(counts, InstructionCategory.Arithmetic),
                    Count(counts, InstructionCategory.Shared),
                    Count(counts, InstructionCategory.Global),
                    Count(counts, InstructionCategory.Barrier),
                    Count(counts, InstructionCategory.Tensor),
                    Count(counts, InstructionCategory.Other),
                    Text($"{counts.SharedWavefronts}"),
                    Ratio(counts.SharedWavefronts, counts.SharedIdealWavefronts),
                    Text($"{counts.GlobalSectors}"),
                    Ratio(counts.GlobalSectors, counts.GlobalIdealSectors),
                    Ratio(result.Variant.Case.Flops, counts.GlobalBytes),
                    Text($"{counts.Findings.Count}"))
                : $"{name}  {error,8}");
        }

        output.WriteLine();
        output.WriteLine("Instructions and accesses are those of whole warps; a sector has 32 bytes.");
    }

    /// <inheritdoc/>
    public void WriteJson(TextWriter output, KernelOp op, IReadOnlyList<VariantResult> results)
    {
        foreach (VariantResult result in results)
        {
            VariantCounts? counts = result.Counts;
            output.WriteLine(BenchJson.Line(new
            {
                Op = op.Name,
                Variant = result.Variant.Name,
                Case = result.Variant.Case.ToString(),
                Device,
                result.Compared?.Error,
                result.Problem,
                Skipped = result.IsSkipped,
                result.Variant.Case.Flops,
                result.Variant.Case.Bytes,
                counts?.Kernels,
                Instructions = counts?.Instructions.ToDictionary(
                    static pair => JsonName(pair.Key), static pair => pair.Value),
                counts?.SharedWavefronts,
                counts?.SharedIdealWavefronts,
                counts?.GlobalSectors,
                counts?.GlobalIdealSectors,
                FlopsPerByte = counts is { GlobalBytes: > 0 }
                    ? BenchJson.Round(result.Variant.Case.Flops / counts.GlobalBytes)
                    : (double?)null,
                counts?.Waste,
                counts?.Findings,
                BenchJson.Commit,
            }));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private VariantResult Run(KernelVariant variant)
    {
        _device.Launcher.Reports.Clear();
        VariantResult result = VariantComparison.Run(variant, _device.Backend);
        return result.Compared is null ? result : result with { Counts = new VariantCounts(_device.Launcher.Reports) };
    }

    private static string Row(
        string name,
        string error,
        string arithmetic,
        string shared,
        string global,
        string barrier,
        string tensor,
        string other,
        string wavefronts,
        string wavefrontRatio,
        string sectors,
        string sectorRatio,
        string intensity,
        string findings) =>
        $"{name}  {error,8}  {arithmetic,10}  {shared,8}  {global,8}  {barrier,7}  {tensor,6}  {other,8}  {wavefronts,10}  "
        + $"{wavefrontRatio,7}  {sectors,8}  {sectorRatio,7}  {intensity,6}  {findings,8}";

    private static string Count(VariantCounts counts, InstructionCategory category) => Text($"{counts.Instructions[category]}");

    private static string Ratio(double count, double of) => count > 0 && of > 0 ? Text($"{count / of:F2}") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string JsonName(InstructionCategory category) => category.ToString().ToLowerInvariant();
}
