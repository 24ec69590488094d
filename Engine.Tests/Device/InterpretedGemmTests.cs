using System;
using System.Linq;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>How the products' kernels use memory, as their PTX does it: no bank of shared memory serves two words at once, and warps touch
/// no more sectors of global memory than their bytes fill.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedGemmTests : IDisposable
{
    private static readonly (bool A, bool B)[] Transposes = [(false, false), (false, true), (true, false), (true, true)];

    private readonly InterpretedCudaFixture _device =
        new(CudaArchitecture.SM_90, new LaunchOptions { CollectCounters = true, HostThreads = Environment.ProcessorCount, Seed = 11 });

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(256, 256, "gemm_128x128")]
    [InlineData(256, 128, "gemm_128x64")]
    [InlineData(128, 128, "gemm_64x64")]
    public void Gemm_AlignedTiles_HaveNoBankConflictsAndNoExtraSectors(int m, int n, string kernel)
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            AccessCounters counters = Run(
                new GemmVariant { M = m, N = n, K = 32, TransposeA = transposeA, TransposeB = transposeB }, kernel);
            Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);
            Assert.Equal(counters.GlobalIdealSectors, counters.GlobalSectors);
        }
    }

    [Theory]
    [InlineData(253, 251, "gemm_128x128")]
    [InlineData(253, 123, "gemm_128x64")]
    [InlineData(123, 125, "gemm_64x64")]
    public void Gemm_UnalignedTiles_HaveNoBankConflicts(int m, int n, string kernel)
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            GemmVariant variant = new()
            {
                M = m,
                N = n,
                K = 21,
                TransposeA = transposeA,
                TransposeB = transposeB,
                Bias = true,
                Residual = GemmResidual.InPlace,
                Gap = 3,
                Unaligned = true,
            };
            AccessCounters counters = Run(variant, kernel);
            Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);
        }
    }

    [Fact]
    public void SumRows_AlignedColumns_WasteNoAccess()
    {
        OpCase opCase = OpCases.Small.First(static opCase => opCase.Op == "SumRows" && opCase.Name == "[7, 16]");
        _device.Launcher.Reports.Clear();
        Assert.True(OpCaseComparison.WithReference(opCase, _device.Backend).Passed);
        AccessCounters counters = Assert.Single(_device.Launcher.Reports).Report.Counters;
        Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);
        Assert.Equal(counters.GlobalIdealSectors, counters.GlobalSectors);
    }

    private AccessCounters Run(GemmVariant variant, string kernel)
    {
        _device.Launcher.Reports.Clear();
        CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), _device.Backend);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(_device.Launcher.Findings());
        (string name, LaunchReport report) = Assert.Single(_device.Launcher.Reports);
        Assert.StartsWith(kernel, name, StringComparison.Ordinal);
        return report.Counters;
    }
}
