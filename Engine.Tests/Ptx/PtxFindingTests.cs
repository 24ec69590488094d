using System;
using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>What the interpreter finds in kernels that may well compute the right numbers.</summary>
public sealed class PtxFindingTests
{
    // Threads exchange their indices through shared memory, FAR bytes apart.
    private const string Exchange = """
        .shared .align 4 .b8 s[256]; mov.u32 %r2, s; shl.b32 %r3, %r1, 2; add.u32 %r4, %r2, %r3; st.shared.u32 [%r4], %r1;
        BARRIER xor.b32 %r5, %r3, FAR; add.u32 %r5, %r2, %r5; ld.shared.u32 %r6, [%r5]; st.global.u32 [%rd5], %r6;
        """;

    private const string Copy = """
        .shared .align 16 .b8 s[128]; mov.u32 %r2, s; shl.b32 %r3, %r1, 2; add.u32 %r4, %r2, %r3;
        cp.async.ca.shared.global [%r4], [%rd4], 4; cp.async.commit_group; WAIT
        ld.shared.u32 %r6, [%r4]; st.global.u32 [%rd5], %r6;
        """;

    public static TheoryData<int?> Seeds => [(int?)null, 1, 2];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_ExchangeWithBarrier_FindsNothing(int? seed)
    {
        (uint[] values, LaunchReport report) = RunExchange("bar.sync 0;", 128, seed);

        Assert.Empty(report.Findings);
        Assert.Equal(PtxBody.Threads(i => i ^ 32, 64), values);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_ExchangeOfWarpsWithoutBarrier_FindsRace(int? seed)
    {
        (_, LaunchReport report) = RunExchange("", 128, seed);

        Assert.Contains(report.Findings, finding => finding.Kind is FindingKind.SharedRace or FindingKind.UninitialisedSharedRead);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_ExchangeInWarpWithoutBarrier_FindsRace(int? seed) =>
        AssertFinds(FindingKind.SharedRace, RunExchange("", 4, seed).Report);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_ExchangeInWarpWithWarpBarrier_FindsNothing(int? seed) =>
        Assert.Empty(RunExchange("bar.warp.sync 0xffffffff;", 4, seed).Report.Findings);

    [Fact]
    public void Run_NeighbouringBytesOfDifferentThreads_FindsNothing()
    {
        (_, LaunchReport report) = PtxBody.Run(
            ".shared .b8 s[32]; mov.u32 %r2, s; add.u32 %r2, %r2, %r1; st.shared.u8 [%r2], %r1; ld.shared.u8 %r3, [%r2];", [0]);

        Assert.Empty(report.Findings);
    }

    [Fact]
    public void Run_ReadOfSharedMemoryNeverWritten_IsFound()
    {
        (_, LaunchReport report) = PtxBody.Run(".shared .b8 s[32]; mov.u32 %r2, s; ld.shared.u32 %r3, [%r2];", [0]);

        Finding finding = Assert.Single(report.Findings);
        Assert.Equal(FindingKind.UninitialisedSharedRead, finding.Kind);
        Assert.Equal(32, finding.Count);
        Assert.Contains("block (0,0,0), thread 0", finding.First, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CopyWithWait_ArrivesWithoutFindings()
    {
        (uint[] copied, LaunchReport report) = PtxBody.Run(
            Copy.Replace("WAIT", "cp.async.wait_group 0;", StringComparison.Ordinal), PtxBody.Threads(i => i + 7));

        Assert.Empty(report.Findings);
        Assert.Equal(PtxBody.Threads(i => i + 7), copied);
    }

    [Fact]
    public void Run_CopyReadEarly_FindsRace() => AssertFinds(
        FindingKind.AsyncCopyRace,
        PtxBody.Run(Copy.Replace("WAIT", "cp.async.wait_group 1;", StringComparison.Ordinal), PtxBody.Threads(i => i)).Report);

    [Fact]
    public void Run_CopyNeverWaitedFor_IsFoundAtExit() => AssertFinds(
        FindingKind.AsyncCopyUnfinished,
        PtxBody.Run(Copy.Replace("WAIT", "", StringComparison.Ordinal), PtxBody.Threads(i => i)).Report);

    [Fact]
    public void Run_UniformBranchThatDiverges_IsFound() => AssertFinds(
        FindingKind.DivergentUniformBranch, PtxBody.Run("setp.lt.u32 %p1, %r1, 5; @%p1 bra.uni D; D:", [0]).Report);

    [Fact]
    public void Run_WarpExitsBeforeBarrier_IsFound() => AssertFinds(
        FindingKind.ExitWhileOthersWait, PtxBody.Run("setp.lt.u32 %p1, %r1, 32; @%p1 exit; bar.sync 0;", [0], threads: 64).Report);

    private static (uint[] Output, LaunchReport Report) RunExchange(string barrier, int far, int? seed) => PtxBody.Run(
        Exchange.Replace("BARRIER", barrier, StringComparison.Ordinal).Replace("FAR", $"{far}", StringComparison.Ordinal),
        [0],
        outputs: 64,
        threads: 64,
        new LaunchOptions { Seed = seed });

    private static void AssertFinds(FindingKind kind, LaunchReport report) =>
        Assert.Contains(kind, report.Findings.Select(finding => finding.Kind));
}
