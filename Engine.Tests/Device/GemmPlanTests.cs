using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using Xunit;

namespace Engine.Tests;

public sealed class GemmPlanTests
{
    private const int H100 = 132;

    private static readonly int[] Sizes = [1, 50, 64, 197, 768, 800, 3072, 50257];

    [Theory]
    [InlineData(4096, 4096, 4096, GemmTileShape.Rows128Columns128)]
    [InlineData(4096, 50257, 768, GemmTileShape.Rows128Columns128)]
    [InlineData(128, 132 * 64, 64, GemmTileShape.Rows128Columns64)]
    [InlineData(64, 132 * 64, 64, GemmTileShape.Rows64Columns64)]
    public void Choose_WavesAreFull_TakesLargestTileThatFits(int m, int n, int k, object tile)
    {
        GemmPlan plan = GemmPlan.Choose(m, n, k, H100);
        Assert.Equal(((GemmTileShape)tile, 1), (plan.Tile, plan.Slices));
    }

    [Theory]
    [InlineData(768, 768, 1600)]
    [InlineData(50, 768, 3072)]
    [InlineData(1, 768, 768)]
    public void Choose_FewTilesAndManyProducts_CutsDepth(int m, int n, int k)
    {
        Assert.InRange(GemmPlan.Choose(m, n, k, H100).Slices, 2, 16);
        Assert.Equal(1, GemmPlan.Choose(m, n, k, 1).Slices);
    }

    [Fact]
    public void Choose_AnyShape_SlicesCoverDepthOnceAndNoneIsEmpty()
    {
        foreach ((int m, int n, int k) in from m in Sizes from n in Sizes from k in Sizes.Append(0) select (m, n, k))
        {
            GemmPlan plan = GemmPlan.Choose(m, n, k, H100);
            Assert.True((long)plan.Slices * plan.SliceDepth >= k, $"{m}x{n}x{k}: {plan}");
            Assert.True(plan.Slices == 1 || (plan.Slices - 1) * plan.SliceDepth < k, $"{m}x{n}x{k}: {plan}");
        }
    }

    [Fact]
    public void Choose_AnyShape_IsNoMoreExpensiveThanAnyTileAlone()
    {
        foreach ((int m, int n, int k) in from m in Sizes from n in Sizes from k in Sizes select (m, n, k))
        {
            double chosen = GemmPlan.Choose(m, n, k, H100).Cost(m, n, H100);
            for (GemmTileShape tile = GemmTileShape.Rows128Columns128; tile <= GemmTileShape.Rows64Columns64; tile++)
            {
                Assert.True(chosen <= new GemmPlan(tile, 1, (k + 15) / 16 * 16).Cost(m, n, H100), $"{m}x{n}x{k}: {tile}");
            }
        }
    }

    [Theory]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Choose_TensorCores_CutsDepthIntoWholeTilesThatCoverItOnce(Precision precision)
    {
        foreach ((int m, int n, int k) in from m in Sizes from n in Sizes from k in Sizes select (m, n, k))
        {
            GemmPlan plan = GemmPlan.Choose(m, n, k, H100, precision);
            Assert.Equal((precision, 0), (plan.Precision, plan.SliceDepth % 64));
            Assert.True((long)plan.Slices * plan.SliceDepth >= k, $"{m}x{n}x{k}: {plan}");
            Assert.True(plan.Slices == 1 || (plan.Slices - 1) * plan.SliceDepth < k, $"{m}x{n}x{k}: {plan}");
        }

        Assert.Equal(GemmTileShape.Rows128Columns128, GemmPlan.Choose(4096, 4096, 4096, H100, precision).Tile);
        Assert.Equal(GemmTileShape.Rows64Columns64, GemmPlan.Choose(64, 132 * 64, 64, H100, precision).Tile);
        Assert.True(GemmPlan.Choose(50, 768, 3072, H100, precision).Slices > 1);
    }

    [Theory]
    [InlineData(4096, 4096, 4096, true)]
    [InlineData(4096, 50257, 768, true)]
    [InlineData(128, 132 * 128, 768, false)]
    [InlineData(64, 132 * 64, 64, false)]
    public void Choose_DynamicSharedMemory_IsAskedForByLargeProductsOnly(int m, int n, int k, bool isLarge)
    {
        foreach (Precision precision in new[] { Precision.BFloat16, Precision.TensorFloat32 })
        {
            GemmPlan plan = GemmPlan.Choose(m, n, k, H100, precision, TensorGemm.LargeTileSharedBytes);
            Assert.Equal(isLarge, plan.Tile == GemmTileShape.Rows128Columns256);
            plan = GemmPlan.Choose(m, n, k, H100, precision, TensorGemm.LargeTileSharedBytes - 1);
            Assert.NotEqual(GemmTileShape.Rows128Columns256, plan.Tile);
        }

        Assert.Equal(GemmPlan.Choose(m, n, k, H100), GemmPlan.Choose(m, n, k, H100, Precision.Float32, int.MaxValue));
    }

    [Theory]
    [InlineData(50257, 768, false, 16)]
    [InlineData(768, 768, false, 4)]
    [InlineData(50304, 768, true, 32)]
    [InlineData(3072, 768, true, 8)]
    public void ForFewRows_ColumnsOfModels_FillMultiprocessorsWithoutSlices(int n, int k, bool hasColumnsInRows, int columns)
    {
        GemmPlan plan = GemmPlan.ForFewRows(n, k, DType.F32, hasColumnsInRows, H100, Precision.Float32);
        Assert.Equal((GemmTileShape.FewRows, columns, 1, k), (plan.Tile, plan.Columns, plan.Slices, plan.SliceDepth));
    }

    [Fact]
    public void ForFewRows_FewColumnsAndMuchDepth_CutsDepthIntoSlicesThatCoverItOnce()
    {
        foreach (int k in new[] { 6000, 50256, 100_000 })
        {
            GemmPlan plan = GemmPlan.ForFewRows(64, k, DType.F32, true, H100, Precision.Float32);
            Assert.InRange(plan.Slices, 2, 16);
            Assert.True((long)plan.Slices * plan.SliceDepth >= k && (plan.Slices - 1) * plan.SliceDepth < k, plan.ToString());
            Assert.Equal(1, GemmPlan.ForFewRows(64, k, DType.F32, true, 1, Precision.Float32).Slices);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(16, 7)]
    [InlineData(37, 24)]
    public void Locate_EveryIndex_IsEveryTileOnce(int rows, int columns)
    {
        HashSet<Index2D> tiles = [.. Enumerable.Range(0, rows * columns).Select(index => GemmTileOrder.Locate(index, rows, columns))];
        Assert.Equal(rows * columns, tiles.Count);
        Assert.All(tiles, tile => Assert.True(tile.X >= 0 && tile.X < columns && tile.Y >= 0 && tile.Y < rows, tile.ToString()));
    }

    [Fact]
    public void Locate_TilesOfOneWave_ShareFewPanels()
    {
        Index2D[] wave = [.. Enumerable.Range(0, 2 * H100).Select(index => GemmTileOrder.Locate(index, 32, 393))];
        int panels = wave.Select(tile => tile.X).Distinct().Count() + wave.Select(tile => tile.Y).Distinct().Count();
        Assert.InRange(panels, 1, 40);
    }
}
