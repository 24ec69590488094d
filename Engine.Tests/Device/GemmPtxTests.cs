using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;
using Xunit;
using DepthVectors = Engine.Kernels.Device.DepthVectorLoader<Engine.Kernels.Device.Float32Format, float>;
using RowVectors = Engine.Kernels.Device.RowVectorLoader<Engine.Kernels.Device.Float32Format, float>;
using StoredDepthVectors = Engine.Kernels.Device.DepthVectorLoader<Engine.Kernels.Device.BFloat16Format, ushort>;

namespace Engine.Tests;

/// <summary>What the products compile to on CUDA devices, which decides their speed.</summary>
public sealed class GemmPtxTests
{
    // The length of a run of multiplications in generated tiles.
    private const int RunLength = 128;

    private static readonly CudaArchitecture[] Architectures = [CudaArchitecture.SM_80, CudaArchitecture.SM_90];

    [Fact]
    public void Tile128x128_EveryTranspose_ComputesInRegisters() => InspectTile<GemmTile128x128>();

    [Fact]
    public void Tile128x64_EveryTranspose_ComputesInRegisters() => InspectTile<GemmTile128x64>();

    [Fact]
    public void Tile64x64_EveryTranspose_ComputesInRegisters() => InspectTile<GemmTile64x64>();

    [Fact]
    public void OtherKernels_Compiled_KeepNothingInLocalMemory()
    {
        foreach (IDeviceKernel kernel in new IDeviceKernel[]
        {
            GemmSliceSumKernel.Kernel, SumRowsKernel<ScalarAccess>.Kernel, SumRowsKernel<VectorAccess>.Kernel,
        })
        {
            PtxText.Of(kernel).AssertIsPlain();
        }
    }

    [Theory]
    [InlineData("gemm_rows1_depth_f32", "ld.global.v4.f32", 3)]
    [InlineData("gemm_rows1_depth_bf16", "ld.global.v2.b32", 3)]
    [InlineData("gemm_rows4_depth_bf16", "ld.global.v2.b32", 3)]
    [InlineData("gemm_rows1_columns_f32", "ld.global.v4.f32", 4)]
    [InlineData("gemm_rows4_columns_bf16", "ld.global.v2.b32", 4)]
    public void FewRows_EveryLayout_LoadWeightsInVectors(string name, string load, int least)
    {
        PtxText ptx = PtxText.Of(KernelCatalogue.Find(name)!);
        ptx.AssertIsPlain();
        Assert.InRange(ptx.RunsWith("mul.f32").Sum(run => run.Count(load)), least, int.MaxValue);
        Assert.All(ptx.RunsWith("mul.f32").Where(run => run.Count(load) > 0), static run =>
            Assert.Equal(0, run.Count("ld.global.f32") + run.Count("ld.global.b16")));
    }

    [Fact]
    public void StoredWeights_Aligned_AreReadEightBytesAtATime()
    {
        PtxText ptx = PtxText.Of(TiledGemmKernel<GemmTile64x64, DepthVectors, StoredDepthVectors>.Kernel);
        ptx.AssertIsPlain();
        InspectMultiplications<GemmTile64x64>(ptx);
        PtxText loads = Assert.Single(ptx.RunsWith("ld.global.v2.b32"), static run => run.Count("ld.global.v4.f32") == 1);
        Assert.Equal(0, loads.Count("ld.global.b16"));
    }

    private static void InspectTile<TTile>()
        where TTile : struct, IGemmTile<TTile>
    {
        foreach (CudaArchitecture architecture in Architectures)
        {
            using PtxCompiler compiler = new(architecture);
            InspectTile<TTile, DepthVectors, DepthVectors>(compiler, transposesA: true, transposesB: true);
            InspectTile<TTile, DepthVectors, RowVectors>(compiler, transposesA: true, transposesB: false);
            InspectTile<TTile, RowVectors, RowVectors>(compiler, transposesA: false, transposesB: false);
            PtxText scalar = PtxText.Of(
                TiledGemmKernel<TTile, RowScalarLoader<Float32Format, float>, DepthScalarLoader<Float32Format, float>>.Kernel, compiler);
            scalar.AssertIsPlain();
            InspectMultiplications<TTile>(scalar);
        }
    }

    /// <summary>Operands that lie with k as the fast index are transposed on their way into shared memory.</summary>
    private static void InspectTile<TTile, TA, TB>(PtxCompiler compiler, bool transposesA, bool transposesB)
        where TTile : struct, IGemmTile<TTile>
        where TA : struct, IGemmLoader
        where TB : struct, IGemmLoader
    {
        PtxText ptx = PtxText.Of(TiledGemmKernel<TTile, TA, TB>.Kernel, compiler);
        ptx.AssertIsPlain();
        InspectMultiplications<TTile>(ptx);

        // In the loop over tiles: 16 bytes per load, all loads together, before the multiplications.
        int vectorsA = TTile.Rows * TTile.Depth / TiledGemm.PassFloats;
        int vectorsB = TTile.Columns * TTile.Depth / TiledGemm.PassFloats;
        PtxText loads = Assert.Single(ptx.RunsWith("ld.global.v4.f32"), run => run.Count("ld.global.v4.f32") == vectorsA + vectorsB);
        Assert.Equal(0, loads.Count("st.shared") + loads.Count("bar.sync"));

        // And the writes to shared memory after them, with the barrier.
        int scalars = 4 * ((transposesA ? vectorsA : 0) + (transposesB ? vectorsB : 0));
        int vectors = (transposesA ? 0 : vectorsA) + (transposesB ? 0 : vectorsB);
        PtxText stores = Assert.Single(ptx.RunsWith("st.shared"), run => run.Count("bar.sync") == 1 && run.Count("bra.uni") == 1);
        Assert.Equal((scalars, vectors), (stores.Count("st.shared.f32"), stores.Count("st.shared.v4.f32")));
    }

    /// <summary>Multiplications are in one run with the reads of shared memory they need: no barrier and no write with them, which the
    /// kernel compiler would move before them, and no other memory.</summary>
    private static void InspectMultiplications<TTile>(PtxText ptx)
        where TTile : struct, IGemmTile<TTile>
    {
        IReadOnlyList<PtxText> runs = ptx.RunsWith("ld.shared.v4.f32");
        Assert.Equal(2, runs.Count);
        foreach (PtxText run in runs)
        {
            Assert.Equal((RunLength, RunLength), (run.Count("mul.f32"), run.Count("add.f32")));
            Assert.Equal(TTile.StepDepth * (TTile.ThreadRows + TTile.ThreadColumns) / Float4.Width, run.Count("ld.shared.v4.f32"));
            Assert.Equal(0, run.Count("ld.global") + run.Count("st") + run.Count("bar.sync"));
        }
    }
}
