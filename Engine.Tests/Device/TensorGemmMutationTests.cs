using System;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Faults planted into the products on tensor cores. Some give wrong numbers; those that would give right ones on most days, such
/// as a missing barrier, are found all the same.</summary>
[Trait("Category", "Device")]
public sealed class TensorGemmMutationTests
{
    private const string Barrier = @"bar\.sync\t0;";
    private const string Wait = @"cp\.async\.wait_group 1;";
    private const string WarpBarrier = @"bar\.warp\.sync\t4294967295;";

    [Theory]
    [InlineData("no barrier before the first tile is read", Barrier, 0, "", FindingKind.SharedRace)]
    [InlineData("no barrier before the next tile is read", Barrier, 1, "", FindingKind.SharedRace)]
    [InlineData("no barrier before sums are handed over", Barrier, 2, "", FindingKind.SharedRace)]
    [InlineData("no barrier before sums are read", WarpBarrier, 0, "", FindingKind.SharedRace)]
    [InlineData("no barrier before sums are overwritten", WarpBarrier, 1, "", FindingKind.SharedRace)]
    [InlineData("waits for one tile too few", Wait, 1, "cp.async.wait_group 2;", FindingKind.AsyncCopyRace)]
    [InlineData("does not wait", Wait, 1, "", FindingKind.AsyncCopyRace)]
    [InlineData("does not wait in the beginning", Wait, 0, "", FindingKind.AsyncCopyRace)]
    [InlineData("does not wait in the end", @"cp\.async\.wait_all;", 0, "", FindingKind.AsyncCopyRace)]
    [InlineData("does not commit", @"cp\.async\.commit_group;", 1, "", FindingKind.AsyncCopyRace)]
    [InlineData("does not commit the first tiles", @"cp\.async\.commit_group;", 0, "", FindingKind.AsyncCopyRace)]
    public void UnorderedAccess_Planted_IsFound(string fault, string pattern, int occurrence, string replacement, FindingKind kind)
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, pattern, occurrence, replacement);
        Run(device, transposed: false);
        Assert.True(device.Launcher.Reports.Any(launch => launch.Report.Findings.Any(finding => finding.Kind == kind)), fault);
    }

    [Theory]
    [InlineData("fragments of B swapped", @"\{fb0,fb1\}, \{acc0,", 0, "{fb1,fb0}, {acc0,", false)]
    [InlineData("fragments of A swapped", @"\{fa0,fa1,fa2,fa3\}, \[", 0, "{fa0,fa2,fa1,fa3}, [", false)]
    [InlineData("one row of A too far", @"\+1024\];", 0, "+1088];", false)]
    [InlineData("half of k twice", @"xor\.b32\t(%r\d+), (%r\d+), 32;", 0, "mov.b32\t$1, $2;", false)]
    [InlineData("row of sums off by one", @"\+1280\]", 0, "+1120]", false)]
    [InlineData("k one tile short", @"setp\.le\.s32\t(%p\d+), (%r\d+), 0;", 0, "setp.le.s32\t$1, $2, 16;", false)]
    [InlineData("fragments of B swapped", @"\{fb0,fb1\}, \{acc0,", 0, "{fb1,fb0}, {acc0,", true)]
    [InlineData("permuted by readers only", @"and\.b32\t(%r\d+), (%r\d+), (7|3);", 0, "and.b32\t$1, $2, 0;", true)]
    public void WrongIndex_Planted_GivesWrongNumbers(string fault, string pattern, int occurrence, string replacement, bool transposed)
    {
        foreach (Precision precision in new[] { Precision.BFloat16, Precision.TensorFloat32 })
        {
            using InterpretedCudaFixture device = Mutated(precision, pattern, occurrence, replacement);
            Assert.False(Run(device, transposed).Passed, $"{precision}: {fault}");
        }
    }

    [Fact]
    public void Rounding_Missing_GivesWrongNumbers()
    {
        using InterpretedCudaFixture device = Mutated(Precision.TensorFloat32, @"cvt\.rna\.tf32\.f32 fa0, fa0;", 0, "");
        Assert.False(Run(device, transposed: false).Passed);
    }

    [Fact]
    public void Transpose_Missing_GivesWrongNumbers()
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, @"\.x4\.trans", 0, ".x4");
        Assert.False(Run(device, transposed: true).Passed);
    }

    [Theory]
    [InlineData("copies beyond the end", @"(cp\.async\.cg\.shared\.global [^;]*, 16), %r\d+;", 5, "$1;")]
    [InlineData("asks for one tile too few", @"(setp\.ge\.s32\t%p\d+, %r\d+), 2;", 0, "$1, 1;")]
    public void AccessOutsideMemory_Planted_Stops(string fault, string pattern, int occurrence, string replacement)
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, pattern, occurrence, replacement);
        BackendException exception = Assert.Throws<BackendException>(() => Run(device, transposed: false));
        Assert.True(exception.Message.Contains("gemm_tensor_bf16_64x64_depth_depth: line ", StringComparison.Ordinal), fault);
    }

    [Fact]
    public void Permutation_Missing_HasBankConflictsOnly()
    {
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80,
            new LaunchOptions { HostThreads = Environment.ProcessorCount },
            Precision.TensorFloat32,
            multiprocessors: 1,
            static text => Regex.Replace(text, @"(shr\.s32\t%r\d+, %r\d+, 1;\s+and\.b32\t%r\d+, %r\d+), 3;", "$1, 0;"));
        GemmVariant variant = new() { M = 64, N = 64, K = 64, TransposeB = true };
        Assert.True(OpCaseComparison.WithReference(variant.ToCase(), device.Backend).Passed);
        AccessCounters counters = Assert.Single(device.Launcher.Reports).Report.Counters;
        Assert.True(counters.SharedWavefronts > counters.SharedIdealWavefronts);
    }

    [Theory]
    [InlineData("no barrier before the next tile is read", Barrier, 1, "", FindingKind.SharedRace)]
    [InlineData("waits for one tile too few", Wait, 1, "cp.async.wait_group 2;", FindingKind.AsyncCopyRace)]
    [InlineData("one stage too few", @"98304;(\s+selp\.b32\t%r\d+,) 4294868992", 0, "49152;$1 4294918144", FindingKind.AsyncCopyRace)]
    public void LargeTile_UnorderedAccessPlanted_IsFound(string fault, string pattern, int occurrence, string replacement, FindingKind kind)
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, pattern, occurrence, replacement);
        RunLarge(device);
        Assert.True(device.Launcher.Reports.Any(launch => launch.Report.Findings.Any(finding => finding.Kind == kind)), fault);
    }

    [Theory]
    [InlineData("third step reads the second", @"xor\.b32\t(%r\d+), (%r\d+), 64;", 0, "xor.b32\t$1, $2, 32;")]
    [InlineData("fragments of the step before", @"\{fa16,fa17,fa18,fa19\}, \{fb16,fb17\}", 0, "{fa0,fa1,fa2,fa3}, {fb0,fb1}")]
    [InlineData("last columns of sums lost", @"\+2528\]", 0, "+2496]")]
    public void LargeTile_WrongIndexPlanted_GivesWrongNumbers(string fault, string pattern, int occurrence, string replacement)
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, pattern, occurrence, replacement);
        Assert.False(RunLarge(device).Passed, fault);
    }

    [Fact]
    public void LargeTile_OneStageTooMany_StopsBehindTheSharedMemoryOfTheLaunch()
    {
        using InterpretedCudaFixture device = Mutated(Precision.BFloat16, @"mov\.b32\t(%r\d+), 4294868992;", 0, "mov.b32\t$1, 49152;");
        BackendException exception = Assert.Throws<BackendException>(() => RunLarge(device));
        Assert.Contains("gemm_tensor_bf16_128x256_depth_depth: line ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("shared", exception.Message, StringComparison.Ordinal);
    }

    private static CaseResult RunLarge(InterpretedCudaFixture device)
    {
        GemmVariant variant = new() { M = 128, N = 200, K = 250, TransposeB = true };
        return OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
    }

    private static CaseResult Run(InterpretedCudaFixture device, bool transposed)
    {
        GemmVariant variant = new() { M = 64, N = 64, K = 170, TransposeA = transposed, TransposeB = !transposed };
        return OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
    }

    private static InterpretedCudaFixture Mutated(Precision precision, string pattern, int occurrence, string replacement) => new(
        CudaArchitecture.SM_80,
        new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
        precision,
        multiprocessors: 1,
        text => text.Contains("mma.sync", StringComparison.Ordinal) ? Mutate(text, pattern, occurrence, replacement) : text);

    private static string Mutate(string text, string pattern, int occurrence, string replacement)
    {
        Match match = Regex.Matches(text, pattern)[occurrence];
        return text[..match.Index] + match.Result(replacement) + text[(match.Index + match.Length)..];
    }
}
