using System;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Faults stop a run, and the message says where.</summary>
public sealed class PtxFaultTests
{
    private const int BodyLine = 9;

    [Theory]
    [InlineData("ld.global.u32 %r2, [%rd4+4];", "global access of 4 bytes")]
    [InlineData("ld.global.v2.u32 {%r2, %r3}, [%rd4];", "misaligned address")]
    [InlineData("ld.u32 %r2, [%rd4+4];", "global access of 4 bytes")]
    [InlineData(".shared .b8 s[64]; mov.u32 %r2, s; ld.shared.u32 %r3, [%r2+64];", "shared access of 4 bytes at offset 64")]
    [InlineData(".local .align 4 .b8 l[16]; mov.u64 %rd6, l; ld.local.u32 %r3, [%rd6+16];", "local access of 4 bytes")]
    [InlineData("setp.lt.u32 %p1, %r1, 5; @%p1 bra A; bar.sync 0; bra B; A: bar.sync 0; B:", "can never meet")]
    [InlineData(
        "setp.lt.u32 %p1, %r1, 5; @%p1 bra A; shfl.sync.idx.b32 %r2, %r1, 0, 31, 0xffffffff; A: bar.sync 0;", "can never meet")]
    [InlineData("setp.lt.u32 %p1, %r1, 5; @%p1 trap;", "trap by lanes 0000001f")]
    [InlineData(
        "@%p1 exit; mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f2,%f3,%f4,%f5},{%r2,%r3,%r4,%r5},{%r6,%r7},{%f2,%f3,%f4,%f5};",
        "whole warp")]
    public void Run_FaultyBody_StopsWithMessage(string body, string message)
    {
        string prologue = "and.b32 %r31, %r1, 1; setp.eq.u32 %p1, %r31, 1;";

        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(
            () => PtxBody.Run(prologue + body, PtxBody.Threads(i => i)));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(BodyLine, fault.Line);
    }

    [Fact]
    public void Run_WarpsAtDifferentBarriers_Stops()
    {
        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(() => PtxBody.Run(
            "setp.lt.u32 %p1, %r1, 32; selp.b32 %r2, 0, 1, %p1; bar.sync %r2;", PtxBody.Threads(i => i), threads: 64));

        Assert.Contains("barriers never meet", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Run_EndlessLoop_StopsAtLimit(int? seed)
    {
        LaunchOptions options = new() { MaxInstructions = 1000, Seed = seed };

        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(() => PtxBody.Run("L: bra L;", [0], options: options));

        Assert.Contains("without end", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BlockOverMaximum_Throws()
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxBody.Compile(device, "");

        Assert.Throws<PtxException>(() => device.Run(kernel, new Dim3(1), new Dim3(1025), new LaunchOptions(), 0, 0UL, 0UL));
    }
}
