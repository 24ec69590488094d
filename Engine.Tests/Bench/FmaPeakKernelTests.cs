using Engine.Bench;
using Xunit;

namespace Engine.Tests;

public sealed class FmaPeakKernelTests
{
    [Fact]
    public void Ptx_Round_IsMultiplyAddsOnRegistersAlone()
    {
        PtxText text = PtxText.Of(FmaPeakKernel.Kernel);
        text.AssertIsPlain();
        PtxText round = Assert.Single(text.RunsWith("mul.f32"));
        Assert.Equal((FmaPeakKernel.FmasPerRound, FmaPeakKernel.FmasPerRound), (round.Count("mul.f32"), round.Count("add.f32")));
        Assert.Equal(0, round.Count("ld.global") + round.Count("st.global"));
    }
}
