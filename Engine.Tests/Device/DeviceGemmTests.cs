using System;
using System.Linq;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>What the table of op cases does not reach: large tiles, slices of k.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class DeviceGemmTests(DeviceFixture device)
{
    private static readonly Activation[] Activations = [Activation.None, Activation.GeluErf, Activation.GeluTanh, Activation.QuickGelu];

    private static readonly bool[] Transposes = [false, true];

    // Every loader once for A and once for B.
    private static readonly (bool A, bool B, bool Unaligned)[] Layouts =
        [(false, false, false), (false, true, true), (true, true, false), (true, false, true)];

    [Theory]
    [InlineData(252, 244, 20, GemmTileShape.Rows128Columns128)]
    [InlineData(124, 60, 36, GemmTileShape.Rows128Columns64)]
    [InlineData(60, 64, 68, GemmTileShape.Rows64Columns64)]
    public void Gemm_EveryTileAndLayout_MatchesReference(int m, int n, int k, object tile)
    {
        using IDisposable pretended = device.Pretend(1, out DeviceBackend backend);
        Assert.Equal((GemmTileShape)tile, GemmPlan.Choose(m, n, k, 1).Tile);
        foreach ((bool transposeA, bool transposeB, bool unaligned) in Layouts)
        {
            GemmVariant variant = new()
            {
                M = m,
                N = n,
                K = k,
                TransposeA = transposeA,
                TransposeB = transposeB,
                Unaligned = unaligned,
                Gap = unaligned ? 3 : 0,
                Bias = true,
                Activation = Activation.QuickGelu,
                KeepPreActivation = true,
                Residual = GemmResidual.InPlace,
            };
            CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), backend);
            Assert.True(result.Passed, result.ToString());
        }
    }

    [Fact]
    public void Gemm_DepthInSlices_MatchesReference()
    {
        using IDisposable pretended = device.Pretend(132, out DeviceBackend backend);
        foreach (Activation activation in Activations)
        {
            GemmVariant variant = new()
            {
                M = 30,
                N = 41,
                K = 1500,
                TransposeB = true,
                Accumulate = true,
                Bias = true,
                Activation = activation,
                KeepPreActivation = true,
                ActivationGradient = activation,
                Residual = GemmResidual.Separate,
                Gap = 2,
            };
            Assert.True(GemmPlan.Choose(variant.M, variant.N, variant.K, 132).Slices > 1);
            CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), backend);
            Assert.True(result.Passed, result.ToString());
            Assert.Null(OpCaseComparison.FindBitDifference(variant.ToCase(), backend, backend));
        }
    }

    [Fact]
    public void Gemm_FewRowsInSlices_MatchesReference()
    {
        using DeviceBackend backend = device.WithMultiprocessors(132);
        foreach ((int m, bool transposeB, DType stored) in
            from m in new[] { 1, 3 }
            from transposeB in Transposes
            from stored in new[] { DType.F32, DType.BF16 }
            select (m, transposeB, stored))
        {
            GemmVariant variant = new()
            {
                M = m,
                N = 72,
                K = 6008,
                TransposeB = transposeB,
                StoredB = stored,
                Bias = true,
                Activation = Activation.QuickGelu,
                Residual = GemmResidual.InPlace,
            };
            OpCase product = variant.ToCase();
            GemmPlan planned = GemmPlan.ForFewRows(variant.N, variant.K, stored, !transposeB, 132, Precision.Float32);
            GemmPlan plan = planned with { Slices = 4, SliceDepth = 1504 };
            OpCase sliced = product with { Call = DeviceCall.Of((device, t) => device.Gemm(product.Product!(t), plan), product.Call) };
            CaseResult result = OpCaseComparison.WithReference(sliced, backend);
            Assert.True(result.Passed, result.ToString());
            Assert.Null(OpCaseComparison.FindBitDifference(sliced, backend, backend));
            result = OpCaseComparison.WithReference(product, backend);
            Assert.True(result.Passed, result.ToString());
        }
    }

    [Theory]
    [InlineData(5, 9, 0)]
    [InlineData(0, 9, 4)]
    [InlineData(5, 0, 4)]
    public void Gemm_SizeZero_LeavesEpilogueOfZero(int m, int n, int k)
    {
        foreach ((bool transposeA, bool transposeB, _) in Layouts)
        {
            GemmVariant variant = new() { M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB, Bias = true };
            CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
            Assert.True(result.Passed, result.ToString());
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(700, 0)]
    [InlineData(700, 33)]
    public void SumRows_BlocksOfRows_AreAllSummed(int rows, int columns)
    {
        IBackend backend = device.Backend;
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(static i => (float)(i % 7))];
        using Arena arena = backend.CreateArena("test", 1 << 20);
        TensorRef x = arena.Allocate("x", DType.F32, new Shape(rows, columns));
        TensorRef sums = arena.Allocate("sums", DType.F32, new Shape(columns));
        backend.Upload<float>(values, x);
        backend.Fill(sums, 1);
        backend.SumRows(x, sums);
        backend.SumRows(x, sums, accumulate: true);
        float[] actual = new float[columns];
        backend.Download<float>(sums, actual);
        Assert.Equal(Enumerable.Range(0, columns).Select(j => 2 * Enumerable.Range(0, rows).Sum(i => values[(i * columns) + j])), actual);
    }
}
