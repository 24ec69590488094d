using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Small cases of products with rounded operands, as PTX.</summary>
public sealed class InterpretedPrecisionTests
{
    // Larger ones take the interpreter long; the tests of the kernels have some.
    private const int MostElements = 12_000;

    [Theory]
    [Trait("Category", "Device")]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Ptx_EveryProduct_MatchesReferenceOfRoundedOperandsWithoutFinding(Precision precision)
    {
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80,
            new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
            precision);
        OpCase[] cases =
        [
            .. OpCases.Small.Where(static opCase =>
                opCase.Op.StartsWith("Gemm", StringComparison.Ordinal)
                && opCase.Operands.All(static operand => operand.Shape.ElementCount <= MostElements)),
        ];
        Assert.True(cases.Length > 150);
        foreach (OpCase opCase in cases)
        {
            CaseResult result = OpCaseComparison.WithReference(opCase, device.Backend);
            Assert.True(result.Passed, result.ToString());
        }

        Assert.Empty(device.Launcher.Findings());
    }
}
