using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>What attention on tensor cores compiles to, which decides its speed.</summary>
public sealed class TensorAttentionPtxTests(PtxCompilersFixture compilers) : IClassFixture<PtxCompilersFixture>
{
    // 16 x 8 results per instruction: of 16 x 32 scores from 64 numbers, or of 16 x 64 sums from 32 tokens; with half the depth in TF32.
    private const int ProductsInBFloat16 = 16;

    // Beside the products of a tile: where four loads of it begin, where they go, where fragments are read.
    private const int MostIntegers = 130;

    private static readonly string[] IntegerInstructions =
        ["add", "sub", "mul.lo", "mad", "and", "or", "xor", "neg", "shl", "shr", "rem", "min", "max.s32", "setp", "selp", "cvt.s64"];

    public static IEnumerable<TheoryDataRow<string>> KernelNames => KernelCatalogue.All.Select(static kernel => kernel.Name)
        .Where(static name => name.StartsWith("attention", StringComparison.Ordinal) && name.Contains("_tensor_", StringComparison.Ordinal))
        .Select(static name => new TheoryDataRow<string>(name));

    [Fact]
    public void All_FormatsAndAccesses_AreListed() => Assert.Equal(12, KernelNames.Count());

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Kernel_EveryVariant_KeepsScoresAndSumsInRegisters(string name)
    {
        bool isBFloat16 = name.Contains("bf16", StringComparison.Ordinal);
        bool isOfQueries = name.Contains("query", StringComparison.Ordinal);
        bool isOfKeys = name.Contains("key", StringComparison.Ordinal);
        int products = isOfKeys ? 4 : isOfQueries ? 3 : 2;
        int rows = isOfKeys || isOfQueries ? 2 : 1;
        foreach (PtxText ptx in compilers.Compile(KernelCatalogue.Find(name)!))
        {
            ptx.AssertStandsAlone();

            // The address of shared memory passes through memory once, before everything else.
            Assert.Equal((2, 1), (ptx.Count("st.local"), ptx.Count("ld.local")));
            int perProduct = isBFloat16 ? ProductsInBFloat16 : 2 * ProductsInBFloat16;
            Assert.Equal(products * perProduct, ptx.Count("mma.sync.aligned"));

            // A load per two products, rows' own once; of TF32 transposed elements are loaded one by one.
            int steps = isBFloat16 ? 4 : 8;
            int transposed = products - rows;
            Assert.Equal(rows * 3 * steps, ptx.Count("ldmatrix.sync.aligned.m8n8.x4.shared"));
            Assert.Equal(isBFloat16 ? transposed * perProduct / 2 : 0, ptx.Count("ldmatrix.sync.aligned.m8n8.x4.trans"));
            Assert.Equal(isBFloat16 ? 0 : transposed * 2 * perProduct, ptx.Count("ld.shared.b32"));

            // Weights and gradients go from sums to fragments where they are: sixteen or two times eight registers.
            Assert.True(ptx.Count("st.shared.v2.f32") == (isOfKeys ? 32 : 16));
        }
    }

    [Theory]
    [InlineData("attention_tensor_bf16_aligned")]
    [InlineData("attention_query_gradient_tensor_bf16_aligned")]
    [InlineData("attention_key_gradient_tensor_bf16_aligned")]
    [InlineData("attention_tensor_tf32_aligned")]
    public void Kernel_AlignedRows_AsksForATileInOneRun(string name)
    {
        foreach (PtxText ptx in compilers.Compile(KernelCatalogue.Find(name)!))
        {
            // Between two labels or branches: the four loads of a tile, behind them nothing that waits for them.
            PtxText loop = ptx.RunsWith("ld.global.v4.f32")[^1];
            Assert.Equal(4, loop.Count("ld.global.v4.f32"));
            Assert.Equal(0, loop.Count("st.shared") + loop.Count("bar.sync") + loop.Count("mma.sync.aligned"));
            Assert.InRange(IntegerInstructions.Sum(loop.Count), 1, MostIntegers);
        }
    }
}
