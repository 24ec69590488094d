using System;
using System.Collections.Generic;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>What the compiled products look like, which decides their speed.</summary>
public sealed class GemmPtxTests
{
    private const int MostSharedBytes = 48 * 1024;

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
        foreach (CudaArchitecture architecture in Architectures)
        {
            using PtxCompiler compiler = new(architecture);
            Inspect(compiler, GemmSliceSumKernel.Kernel);
            Inspect(compiler, NaiveGemmKernel.Kernel);
            Inspect(compiler, SharedTileGemmKernel.Kernel);
            Inspect(compiler, SumRowsKernel.Kernel);
        }
    }

    private static void InspectTile<TTile>()
        where TTile : struct, IGemmTile<TTile>
    {
        foreach (CudaArchitecture architecture in Architectures)
        {
            using PtxCompiler compiler = new(architecture);
            InspectTile<TTile, DepthVectorLoader, DepthVectorLoader>(compiler, isTransposedA: true, isTransposedB: true);
            InspectTile<TTile, DepthVectorLoader, RowVectorLoader>(compiler, isTransposedA: true, isTransposedB: false);
            InspectTile<TTile, RowVectorLoader, RowVectorLoader>(compiler, isTransposedA: false, isTransposedB: false);
            InspectLoops<TTile>(Inspect(compiler, TiledGemmKernel<TTile, RowScalarLoader, DepthScalarLoader>.Kernel));
        }
    }

    /// <summary>Operands that lie with k as the fast index are transposed on their way into shared memory.</summary>
    private static void InspectTile<TTile, TA, TB>(PtxCompiler compiler, bool isTransposedA, bool isTransposedB)
        where TTile : struct, IGemmTile<TTile>
        where TA : struct, IGemmLoader
        where TB : struct, IGemmLoader
    {
        PtxListing ptx = Inspect(compiler, TiledGemmKernel<TTile, TA, TB>.Kernel);
        InspectLoops<TTile>(ptx);

        // Between the barrier of one tile and its multiplications: 16 bytes per load and nothing to wait for.
        int vectorsA = TTile.Rows * TTile.Depth / TiledGemm.PassFloats;
        int vectorsB = TTile.Columns * TTile.Depth / TiledGemm.PassFloats;
        string loads = Assert.Single(ptx.BlocksWith("ld.global.v4.f32"), block => PtxListing.Count(block, "ld.global.v4.f32") == vectorsA + vectorsB);
        Assert.Equal(0, PtxListing.Count(loads, "st."));

        string stores = Assert.Single(ptx.BlocksWith("bar.sync"), block => PtxListing.Count(block, "ld.param") == 0 && block.Contains("bra", StringComparison.Ordinal));
        Assert.Equal(
            ((isTransposedA ? 4 * vectorsA : 0) + (isTransposedB ? 4 * vectorsB : 0), (isTransposedA ? 0 : vectorsA) + (isTransposedB ? 0 : vectorsB)),
            (PtxListing.Count(stores, "st.shared.f32"), PtxListing.Count(stores, "st.shared.v4.f32")));
    }

    /// <summary>Multiplications run in one stretch with the reads of shared memory they need: no barrier or write among them, which the kernel
    /// compiler would move before them, and no other memory.</summary>
    private static void InspectLoops<TTile>(PtxListing ptx)
        where TTile : struct, IGemmTile<TTile>
    {
        IReadOnlyList<string> loops = ptx.BlocksWith("ld.shared.v4.f32");
        Assert.Equal(2, loops.Count);
        foreach (string loop in loops)
        {
            Assert.Equal((RunLength, RunLength), (PtxListing.Count(loop, "mul.f32"), PtxListing.Count(loop, "add.f32")));
            Assert.Equal(
                TTile.StepDepth * (TTile.ThreadRows + TTile.ThreadColumns) / Float4.Width, PtxListing.Count(loop, "ld.shared.v4.f32"));
            Assert.Equal(0, PtxListing.Count(loop, "ld.global") + PtxListing.Count(loop, "st.") + PtxListing.Count(loop, "bar."));
        }
    }

    private static PtxListing Inspect(PtxCompiler compiler, IDeviceKernel kernel)
    {
        PtxListing ptx = new(compiler.Compile(kernel));
        Assert.InRange(ptx.SharedBytes, 0, MostSharedBytes);
        foreach (string forbidden in new[] { ".local", ".extern .func", "brx.idx", "call" })
        {
            Assert.DoesNotContain(forbidden, ptx.Text, StringComparison.Ordinal);
        }

        return ptx;
    }
}
