using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using Engine.Kernels.Reference;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Products of few rows, their PTX run by the interpreter: which are computed so, and that weights are read once, in whole
/// sectors.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedFewRowsTests
{
    private const int SectorBytes = 32;

    private static readonly Precision[] Roundings = [Precision.BFloat16, Precision.TensorFloat32];

    private static readonly float[] Numbers =
    [
        0, -0f, 1, -1.00390625f, 1.01171875f, 1.00048828125f, 3.14159274f, float.Epsilon, float.MaxValue, float.PositiveInfinity, float.NaN,
    ];

    public static IEnumerable<TheoryDataRow<int, bool, DType>> Forms =>
        from m in new[] { 1, 2, 4 }
        from transposeB in new[] { false, true }
        from stored in new[] { DType.F32, DType.BF16 }
        select new TheoryDataRow<int, bool, DType>(m, transposeB, stored);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Gemm_AlignedWeights_AreReadOnceInWholeSectors(int m, bool transposeB, DType stored)
    {
        const int N = 256;
        const int K = 384;
        using InterpretedCudaFixture device = Device(Precision.Float32);
        LaunchReport report = Run(
            device, new() { M = m, N = N, K = K, TransposeB = transposeB, StoredB = stored }, $"gemm_rows{(m == 1 ? 1 : 4)}_");
        Assert.All(report.Accesses, static access =>
            Assert.True(access.Counters.GlobalSectors <= access.Counters.GlobalIdealSectors, $"{access.Line}: {access.Mnemonic}"));
        Assert.Equal(report.Counters.SharedIdealWavefronts, report.Counters.SharedWavefronts);
        string load = stored == DType.F32 ? "ld.global.v4.f32" : "ld.global.v2.b32";
        long sectors = report.Accesses.Where(access => access.Mnemonic == load).Sum(static access => access.Counters.GlobalSectors);
        long weights = N * K * stored.SizeInBytes() / SectorBytes;
        if (stored == DType.BF16)
        {
            Assert.Equal(weights, sectors);
        }
        else
        {
            // A is loaded in the same way.
            Assert.InRange(sectors, weights + 1, long.MaxValue);
        }
    }

    [Theory]
    [InlineData(5, false, false, null)]
    [InlineData(2, true, false, null)]
    [InlineData(2, false, true, null)]
    [InlineData(2, false, false, Precision.BFloat16)]
    [InlineData(2, false, false, Precision.TensorFloat32)]
    public void Gemm_ManyRowsOrOtherLayouts_AreLeftToTiles(int m, bool transposeA, bool unaligned, Precision? rounding)
    {
        using InterpretedCudaFixture device = Device(rounding ?? Precision.Float32);
        GemmVariant variant = new() { M = m, N = 64, K = 64, TransposeA = transposeA, Unaligned = unaligned };
        Run(device, variant, rounding is null ? "gemm_64x64_" : "gemm_tensor_");
    }

    [Fact]
    public void Gemm_OneRowOfRoundedOperands_IsRightWithoutCopies()
    {
        foreach ((Precision precision, bool transposeB, DType stored) in
            from precision in Roundings
            from transposeB in new[] { false, true }
            from stored in new[] { DType.F32, DType.BF16 }
            select (precision, transposeB, stored))
        {
            using InterpretedCudaFixture device = Device(precision);
            Run(device, new() { M = 1, N = 72, K = 264, TransposeB = transposeB, StoredB = stored, Bias = true }, "gemm_rows1_");
            Assert.Single(device.Launcher.Reports);
        }
    }

    [Fact]
    public void Round_AnyNumber_IsAsTheReferenceRounds()
    {
        foreach (float number in Numbers.Concat(Numbers.Select(static number => -number)))
        {
            Float4 x = new(number, number, number, number);
            Assert.Equal(number, NoRounding.Round(x).X);
            Assert.Equal(OperandRounding.Round(number, Precision.BFloat16), BFloat16Rounding.Round(x).Y);
            Assert.Equal(OperandRounding.Round(number, Precision.TensorFloat32), TensorFloat32Rounding.Round(x).W);
        }
    }

    private static InterpretedCudaFixture Device(Precision precision) => new(
        CudaArchitecture.SM_80, new LaunchOptions { HostThreads = Environment.ProcessorCount, Seed = 5 }, precision, multiprocessors: 1);

    private static LaunchReport Run(InterpretedCudaFixture device, GemmVariant variant, string kernel)
    {
        device.Launcher.Reports.Clear();
        CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(device.Launcher.Findings());
        return Assert.Single(device.Launcher.Reports, launch => launch.Kernel.StartsWith(kernel, StringComparison.Ordinal)).Report;
    }
}
