using System;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Faults planted into attention on tensor cores are found, or give wrong numbers.</summary>
[Trait("Category", "Device")]
public sealed class TensorAttentionMutationTests
{
    private const string Barrier = @"bar\.sync\t0;";
    private const string WarpBarrier = @"bar\.warp\.sync\t4294967295;";

    // Large scores, so that shifts grow on the way; three tiles and a bit.
    private static readonly AttentionVariant Variant = new()
    {
        Batch = 1, Heads = 1, Queries = 100, Keys = 100, HeadSize = 64, Causal = true, Deviation = 2,
    };

    [Theory]
    [InlineData("no barrier before rows are read", false, Barrier, 0)]
    [InlineData("no barrier before the first tile takes the place of rows", false, Barrier, 1)]
    [InlineData("no barrier before the first tile is read", false, Barrier, 2)]
    [InlineData("no barrier between tiles", false, Barrier, 3)]
    [InlineData("no barrier before sums are read", false, WarpBarrier, 0)]
    [InlineData("no barrier before sums are overwritten", false, WarpBarrier, 1)]
    [InlineData("no barrier before second rows take the place of first ones", true, Barrier, 1)]
    [InlineData("no barrier between tiles", true, Barrier, 5)]
    public void UnorderedAccess_Planted_IsFound(string fault, bool backward, string pattern, int occurrence)
    {
        using InterpretedCudaFixture device = Mutated(pattern, occurrence, "");
        Run(device, backward);
        Assert.True(
            device.Launcher.Reports.Any(static launch => launch.Report.Findings.Any(static finding =>
                finding.Kind is FindingKind.SharedRace or FindingKind.UninitialisedSharedRead)),
            fault);
    }

    [Theory]
    [InlineData("fragments of keys swapped", false, @"\{fb0,fb2,fb1,fb3\}", 3, "{fb0,fb1,fb2,fb3}")]
    [InlineData("values not transposed", false, @"\.x4\.trans", 0, ".x4")]
    [InlineData("mask the other way round", false, @"setp\.le\.s32 p0, k0", 0, "setp.gt.s32 p0, k0")]
    [InlineData("largest score of half of the lanes", false, @"shfl\.sync\.bfly\.b32 k0, t0, 2,", 0, "shfl.sync.bfly.b32 k0, t0, 0,")]
    [InlineData("sum of half of the lanes", false, @"shfl\.sync\.bfly\.b32 k0, sum1, 2,", 0, "shfl.sync.bfly.b32 k0, sum1, 0,")]
    [InlineData("sum of weights not rescaled", false, @"mul\.f32 sum0, sum0, t4;", 0, "")]
    [InlineData("sums never rescaled", false, @"@!p1 bra\.uni", 0, "bra.uni")]
    [InlineData("sums rescaled for the first row only", false, @"setp\.neu\.or\.f32 p0, t5, 0f3F800000, p0;", 0, "")]
    [InlineData("weights of the wrong row", false, @"pa1, sc3, sc2;", 0, "pa1, sc1, sc0;")]
    [InlineData("values of the tile of keys", false, @"\+4096\]", 0, "]")]
    [InlineData("halves of columns swapped", false, @"\], \{sv16,sv17\}", 0, "], {sv0,sv1}")]
    [InlineData("delta not subtracted", true, @"sub\.f32 gr5, gr5, \S+;", 0, "")]
    [InlineData("probability of another key", true, @"mul\.f32 gr7, gr7, sc7;", 0, "mul.f32 gr7, gr7, sc6;")]
    [InlineData("hidden key keeps its probability", true, @"selp\.f32 sc1, sc1,\s+\S+, p0;", 0, "")]
    public void WrongInstruction_Planted_GivesWrongNumbers(string fault, bool backward, string pattern, int occurrence, string replacement)
    {
        using InterpretedCudaFixture device = Mutated(pattern, occurrence, replacement);
        Assert.False(Run(device, backward).Passed, fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_Planted_IsRightWithoutFinding(bool backward)
    {
        using InterpretedCudaFixture device = Mutated("mma", 0, "mma");
        CaseResult result = Run(device, backward);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(device.Launcher.Findings());
    }

    private static CaseResult Run(InterpretedCudaFixture device, bool backward) =>
        OpCaseComparison.WithReference(backward ? Variant.ToBackwardCase() : Variant.ToForwardCase(), device.Backend);

    private static InterpretedCudaFixture Mutated(string pattern, int occurrence, string replacement) => new(
        CudaArchitecture.SM_80,
        new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
        Precision.BFloat16,
        multiprocessors: 1,
        text => Mutate(text, pattern, occurrence, replacement));

    private static string Mutate(string text, string pattern, int occurrence, string replacement)
    {
        Match match = Regex.Matches(text, pattern)[occurrence];
        return text[..match.Index] + match.Result(replacement) + text[(match.Index + match.Length)..];
    }
}
