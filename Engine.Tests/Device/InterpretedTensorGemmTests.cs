using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Products on tensor cores, their PTX run by the interpreter: right against operands rounded the same way, without a finding
/// however warps are scheduled, and without a bank conflict.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedTensorGemmTests
{
    private static readonly (bool A, bool B)[] Transposes = [(false, false), (false, true), (true, false), (true, true)];

    private static readonly Precision[] Precisions = [Precision.BFloat16, Precision.TensorFloat32];

    public static IEnumerable<TheoryDataRow<Precision, int, int, int, string>> Sizes =>
        from precision in Precisions
        from size in new (int M, int N, int K, string Tile)[]
        {
            (256, 128, 96, "128x128"), (128, 64, 64, "128x64"), (64, 64, 32, "64x64"),
            (250, 123, 71, "128x128"), (121, 61, 37, "128x64"), (59, 33, 17, "64x64"),
        }
        select new TheoryDataRow<Precision, int, int, int, string>(precision, size.M, size.N, size.K, size.Tile);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gemm_EveryTileAndTranspose_IsRightWithoutFindingOrBankConflict(Precision precision, int m, int n, int k, string tile)
    {
        int seed = 0;
        foreach (CudaArchitecture architecture in new[] { CudaArchitecture.SM_80, CudaArchitecture.SM_90 })
        {
            using InterpretedCudaFixture device = Device(precision, ++seed, architecture: architecture);
            foreach ((bool transposeA, bool transposeB) in Transposes)
            {
                GemmVariant variant = new() { M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB };
                LaunchReport report = Run(device, variant, precision, tile);
                Assert.Equal(report.Counters.SharedIdealWavefronts, report.Counters.SharedWavefronts);
            }
        }
    }

    private static InterpretedCudaFixture Device(
        Precision precision, int seed, int multiprocessors = 1, CudaArchitecture? architecture = null) => new(
        architecture ?? CudaArchitecture.SM_80,
        new LaunchOptions { HostThreads = Environment.ProcessorCount, Seed = seed },
        precision,
        multiprocessors);

    private static LaunchReport Run(InterpretedCudaFixture device, GemmVariant variant, Precision precision, string tile)
    {
        device.Launcher.Reports.Clear();
        CaseResult result = OpCaseComparison.WithReference(variant.ToCase().Rounded(precision), device.Backend);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(device.Launcher.Findings());
        string kernel = $"gemm_tensor_{(precision == Precision.BFloat16 ? "bf16" : "tf32")}_{tile}_";
        return Assert.Single(device.Launcher.Reports, launch => launch.Kernel.StartsWith(kernel, StringComparison.Ordinal)).Report;
    }
}
