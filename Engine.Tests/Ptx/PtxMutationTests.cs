using System;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>
/// Faults planted into kernels that are right. Some give wrong numbers; those that would give right ones on most days, such as a missing
/// barrier, are found all the same.
/// </summary>
public sealed class PtxMutationTests
{
    private const double Tolerance = 1e-4;

    private static readonly string Tensor = PtxSamples.Text("TensorGemm");

    [Theory]
    [InlineData("no barrier", "bar.sync\t0;", "", FindingKind.SharedRace)]
    [InlineData("waits for one copy too few", "wait_group 1", "wait_group 2", FindingKind.AsyncCopyRace)]
    [InlineData("does not wait", "cp.async.wait_group 1;", "", FindingKind.AsyncCopyRace)]
    [InlineData("does not commit", "[%rd44],16; cp.async.commit_group;", "[%rd44],16;", FindingKind.AsyncCopyRace)]
    [InlineData("one stage too few", "setp.ne.u32\t%p6, %r98, 3", "setp.ne.u32\t%p6, %r98, 2", FindingKind.AsyncCopyRace)]
    public void TensorGemm_UnorderedAccess_IsFound(string fault, string from, string to, FindingKind kind) =>
        Assert.True(RunTensor(Replace(Tensor, from, to)).Report.Findings.Any(finding => finding.Kind == kind), fault);

    [Theory]
    [InlineData("B fragments swapped", "{fb0,fb1}, {acc0", "{fb1,fb0}, {acc0")]
    [InlineData("A fragments swapped", "{fa0,fa1,fa2,fa3}, [", "{fa0,fa2,fa1,fa3}, [")]
    [InlineData("A swizzled by writers only", "xor.b32\t%r70, %r67, %r69;", "mov.b32\t%r70, %r67;")]
    [InlineData("k one tile short", "shr.s32\t%r43, %r7, 5;", "shr.s32\t%r43, %r7, 5; sub.s32 %r43, %r43, 1;")]
    [InlineData("row of C off by one", "shl.b64\t%rd63, %rd62, 3", "shl.b64\t%rd63, %rd62, 2")]
    public void TensorGemm_WrongIndex_GivesWrongNumbers(string fault, string from, string to) =>
        Assert.True(RunTensor(Replace(Tensor, from, to)).Error > Tolerance, fault);

    [Fact]
    public void TensorGemm_TileBeyondTheEnd_Stops() => Assert.Throws<PtxExecutionException>(
        () => RunTensor(Replace(Tensor, "selp.b64\t%rd39, %rd38, 0, %p4", "mov.b64 %rd39, %rd38")));

    [Fact]
    public void TensorGemm_WithoutSwizzle_HasBankConflictsOnly()
    {
        PtxSampleRun run = RunTensor(Regex.Replace(Tensor, @"xor\.b32\t(%r\d+), (%r\d+), %r\d+;", "mov.b32\t$1, $2;"));

        Assert.InRange(run.Error, 0, Tolerance);
        Assert.True(run.Report.Counters.SharedWavefronts > run.Report.Counters.SharedIdealWavefronts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gemm_OneBarrierLess_IsFound(int barrier)
    {
        string text = WithoutBarrier(PtxSamples.Text("Gemm_SM_80"), barrier);

        PtxSampleRun run = PtxSamples.Gemm(text, 128, 128, 16, new LaunchOptions());

        Assert.Contains(run.Report.Findings, finding => finding.Kind == FindingKind.SharedRace);
    }

    // The third barrier of the sample orders nothing: no one writes after it.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Reduce_OneBarrierLess_IsFoundWhereItOrders(int barrier, bool found)
    {
        PtxSampleRun run = PtxSamples.Reduce(WithoutBarrier(PtxSamples.Text("Reduce"), barrier), blocks: 1, threads: 128);

        Assert.Equal(found, run.Report.Findings.Count > 0);
    }

    private static PtxSampleRun RunTensor(string text) => PtxSamples.TensorGemm(text, 128, 128, 160, new LaunchOptions());

    private static string Replace(string text, string from, string to)
    {
        string mutated = text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, mutated);
        return mutated;
    }

    private static string WithoutBarrier(string text, int barrier)
    {
        int place = Regex.Matches(text, "bar.sync")[barrier].Index;
        return text.Insert(place, "//");
    }
}
