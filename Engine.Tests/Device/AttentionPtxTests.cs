using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>What the attention kernels in float32 compile to on CUDA devices.</summary>
public sealed class AttentionPtxTests
{
    // 16 floats of depth at a time: 4 times 4 x 4 products of four, from 8 loads of four.
    private const int LoadsPerProduct = 32;
    private const int MultiplicationsPerProduct = 256;

    public static IEnumerable<TheoryDataRow<string>> KernelNames => KernelCatalogue.All.Select(static kernel => kernel.Name)
        .Where(static name => name.StartsWith("attention", StringComparison.Ordinal)
            && !name.Contains("_tensor_", StringComparison.Ordinal))
        .Select(static name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Kernel_EveryVariant_KeepsEverythingInRegistersAndSharedMemory(string name) =>
        PtxText.Of(KernelCatalogue.Find(name)!).AssertIsPlain();

    [Fact]
    public void Forward_HeadsOf64_LoadsAndStoresSixteenBytes()
    {
        PtxText text = PtxText.Of(AttentionForwardKernel<ShuffleLaneReduction, AlignedRows, NarrowHead>.Kernel);
        AssertProducts(text, 2);
        Assert.Equal(12, text.Count("ld.global.v4"));
        Assert.Equal(4, text.Count("st.global.v4"));
        Assert.Equal(0, text.Count("ld.global.f32"));
    }

    [Fact]
    public void QueryGradient_HeadsOf64_LoadsAndStoresSixteenBytes()
    {
        PtxText text = PtxText.Of(AttentionQueryGradientKernel<ShuffleLaneReduction, AlignedRows, NarrowHead>.Kernel);
        AssertProducts(text, 3);
        Assert.Equal(24, text.Count("ld.global.v4"));
        Assert.Equal(4, text.Count("st.global.v4"));
    }

    [Fact]
    public void KeyGradient_HeadsOf64_LoadsAndStoresSixteenBytes()
    {
        PtxText text = PtxText.Of(AttentionKeyGradientKernel<AlignedRows, NarrowHead>.Kernel);
        AssertProducts(text, 4);
        Assert.Equal(16, text.Count("ld.global.v4"));
        Assert.Equal(8, text.Count("st.global.v4"));
    }

    private static void AssertProducts(PtxText text, int products)
    {
        Assert.Equal(products * LoadsPerProduct, text.Count("ld.shared.v4"));
        Assert.InRange(text.Count("mul.f32"), products * MultiplicationsPerProduct, (products * MultiplicationsPerProduct) + 100);
    }
}
