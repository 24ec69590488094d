using System;
using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Instructions that the threads of a warp or block run together.</summary>
public sealed class PtxWarpTests
{
    [Theory]
    [InlineData("down", "16", "31")]
    [InlineData("up", "3", "0")]
    [InlineData("bfly", "5", "31")]
    [InlineData("idx", "7", "31")]
    [InlineData("down", "2", "0x1c03")]
    [InlineData("idx", "1", "0x1807")]
    public void Shuffle_Mode_ReadsItsLane(string mode, string b, string c)
    {
        (uint[] output, _) = PtxBody.Run(
            $"shfl.sync.{mode}.b32 %r3|%p1, %r1, {b}, {c}, 0xffffffff; st.global.u32 [%rd5], %r3;", [0]);

        Func<uint, uint> expected = (mode, b) switch
        {
            ("down", "16") => i => i + 16 < 32 ? i + 16 : i,
            ("up", "3") => i => i >= 3 ? i - 3 : i,
            ("bfly", "5") => i => i ^ 5,
            ("idx", "7") => _ => 7,
            ("down", "2") => i => (i & 3) + 2 < 4 ? i + 2 : i,
            _ => i => (i & ~7u) + 1,
        };
        Assert.Equal(PtxBody.Threads(expected), output);
    }

    [Fact]
    public void Shuffle_HalfWarpsOnDifferentPaths_StayApart()
    {
        (uint[] output, _) = PtxBody.Run(
            """
            setp.lt.u32 %p1, %r1, 16; @%p1 bra A; shfl.sync.bfly.b32 %r3, %r1, 1, 31, 0xffff0000; bra E;
            A: shfl.sync.bfly.b32 %r3, %r1, 3, 31, 0x0000ffff; E: st.global.u32 [%rd5], %r3;
            """,
            [0]);

        Assert.Equal(PtxBody.Threads(i => i < 16 ? i ^ 3 : i ^ 1), output);
    }

    [Fact]
    public void Shuffle_TwoMemberMasksAtOnce_RunOneAfterTheOther()
    {
        (uint[] output, _) = PtxBody.Run(
            """
            setp.lt.u32 %p1, %r1, 16; selp.b32 %r4, 0x0000ffff, 0xffff0000, %p1;
            shfl.sync.bfly.b32 %r3, %r1, 1, 31, %r4; st.global.u32 [%rd5], %r3;
            """,
            [0]);

        Assert.Equal(PtxBody.Threads(i => i ^ 1), output);
    }

    [Fact]
    public void Shuffle_SourceOutsideMask_IsFound()
    {
        (_, LaunchReport report) = PtxBody.Run(
            "setp.lt.u32 %p1, %r1, 16; @%p1 shfl.sync.bfly.b32 %r3, %r1, 16, 31, 0x0000ffff;", [0]);

        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.InactiveShuffleSource);
    }

    [Fact]
    public void Vote_Ballot_HasOneBitPerLane()
    {
        (uint[] ballots, _) = PtxBody.Run(
            "and.b32 %r2, %r1, 3; setp.eq.u32 %p1, %r2, 1; vote.sync.ballot.b32 %r3, %p1, 0xffffffff; st.global.u32 [%rd5], %r3;", [0]);

        Assert.All(ballots, ballot => Assert.Equal(0x22222222u, ballot));
    }

    [Theory]
    [InlineData("all", "0", false)]
    [InlineData("all", "32", true)]
    [InlineData("any", "0", false)]
    [InlineData("any", "1", true)]
    [InlineData("uni", "1", false)]
    [InlineData("uni", "0", true)]
    public void Vote_Mode_DecidesForTheWarp(string mode, string below, bool expected)
    {
        (uint[] votes, _) = PtxBody.Run(
            $"""
            setp.lt.u32 %p1, %r1, {below}; vote.sync.{mode}.pred %p2, %p1, 0xffffffff;
            selp.u32 %r3, 1, 0, %p2; st.global.u32 [%rd5], %r3;
            """,
            [0]);

        Assert.All(votes, vote => Assert.Equal(expected ? 1u : 0u, vote));
    }

    [Fact]
    public void Redux_Add_SumsTheWarp()
    {
        (uint[] sums, _) = PtxBody.Run("redux.sync.add.s32 %r3, %r1, 0xffffffff; st.global.u32 [%rd5], %r3;", [0]);

        Assert.All(sums, sum => Assert.Equal(496u, sum));
    }

    [Fact]
    public void Barrier_ReductionByCount_CountsTheBlock()
    {
        (uint[] counts, _) = PtxBody.Run(
            "setp.lt.u32 %p1, %r1, 70; bar.red.popc.u32 %r3, 0, %p1; st.global.u32 [%rd5], %r3;", [0], outputs: 128, threads: 128);

        Assert.All(counts, count => Assert.Equal(70u, count));
    }

    [Fact]
    public void Barrier_ReductionByAndAndOr_DecideForTheBlock()
    {
        (uint[] results, _) = PtxBody.Run(
            """
            setp.lt.u32 %p1, %r1, 128; bar.red.and.pred %p2, 0, %p1; bar.red.or.pred %p3, 0, !%p1;
            selp.u32 %r3, 2, 0, %p2; selp.u32 %r4, 1, 0, %p3; or.b32 %r3, %r3, %r4; st.global.u32 [%rd5], %r3;
            """,
            [0],
            outputs: 128,
            threads: 128);

        Assert.All(results, result => Assert.Equal(2u, result));
    }

    [Fact]
    public void Atomic_Add_GivesEachThreadItsOwnValue()
    {
        (uint[] counts, _) = PtxBody.Run(
            "atom.global.add.u32 %r3, [%rd2], 1; bar.sync 0; st.global.u32 [%rd5+128], %r3;", [0], outputs: 160, threads: 128);

        Assert.Equal(128u, counts[0]);
        Assert.Equal(PtxBody.Threads(i => i, 128), counts[32..].Order());
    }

    [Fact]
    public void Atomic_CompareAndSwap_SucceedsOnce()
    {
        (uint[] seen, _) = PtxBody.Run(
            "add.u32 %r2, %r1, 1; atom.global.cas.b32 %r3, [%rd2], 0, %r2; st.global.u32 [%rd5+128], %r3;", [0], outputs: 64);

        Assert.Equal(1u, seen[0]);
        Assert.Equal(PtxBody.Threads(i => i == 0 ? 0u : 1), seen[32..]);
    }
}
