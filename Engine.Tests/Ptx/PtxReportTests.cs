using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;

/// <summary>What a launch tells of its instructions and of each access to memory.</summary>
public sealed class PtxReportTests
{
    private const string Body =
        """
        .shared .align 4 .b8 s[256]; mov.u32 %r2, s; mad.lo.u32 %r3, %r1, 8, %r2;
        ld.global.f32 %f1, [%rd4]; mul.f32 %f2, %f1, %f1; ex2.approx.f32 %f3, %f2; st.shared.f32 [%r3], %f3;
        bar.sync 0; ld.shared.f32 %f4, [%r3]; st.global.f32 [%rd5], %f4;
        """;

    [Fact]
    public void InstructionsByCategory_EveryInstruction_IsCountedOnce()
    {
        (_, LaunchReport report) = PtxBody.Run(Body, new uint[32]);

        Assert.Equal(2, report.InstructionsByCategory[InstructionCategory.Arithmetic]);
        Assert.Equal(2, report.InstructionsByCategory[InstructionCategory.Shared]);
        Assert.Equal(2, report.InstructionsByCategory[InstructionCategory.Global]);
        Assert.Equal(1, report.InstructionsByCategory[InstructionCategory.Barrier]);
        Assert.Equal(0, report.InstructionsByCategory[InstructionCategory.Tensor]);
        Assert.Equal(report.TotalInstructions, report.InstructionsByCategory.Values.Sum());
    }

    [Fact]
    public void Accesses_ConflictAtOneInstruction_IsCountedThere()
    {
        (_, LaunchReport report) = PtxBody.Run(Body, new uint[32]);

        Assert.Equal(
            ["ld.global.f32", "st.shared.f32", "ld.shared.f32", "st.global.f32"], report.Accesses.Select(access => access.Mnemonic));
        Assert.Equal([4L, 0, 0, 4], report.Accesses.Select(access => access.Counters.GlobalSectors));
        Assert.Equal([0L, 2, 2, 0], report.Accesses.Select(access => access.Counters.SharedWavefronts));
        Assert.Equal(4, report.Counters.SharedWavefronts);
        Assert.Equal(2, report.Counters.SharedIdealWavefronts);
        Assert.True(report.Accesses.Zip(report.Accesses.Skip(1)).All(pair => pair.First.Line <= pair.Second.Line));
    }

    [Fact]
    public void Accesses_WithoutCounters_AreEmpty()
    {
        (_, LaunchReport report) = PtxBody.Run(Body, new uint[32], options: new LaunchOptions { CollectCounters = false });

        Assert.Empty(report.Accesses);
        Assert.Equal(0, report.Counters.GlobalSectors);
    }
}
