using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>All small cases of products with rounded operands, as PTX; and who refuses to round.</summary>
public sealed class InterpretedPrecisionTests
{
    public static IEnumerable<TheoryDataRow<Precision, string>> Transposes =>
        from precision in new[] { Precision.BFloat16, Precision.TensorFloat32 }
        from transposes in new[] { "nn", "nt", "tn", "tt" }
        select new TheoryDataRow<Precision, string>(precision, transposes);

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(Transposes))]
    public void Ptx_EveryProduct_MatchesReferenceOfRoundedOperandsWithoutFinding(Precision precision, string transposes)
    {
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80,
            new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
            precision);
        OpCase[] cases =
        [
            .. OpCases.Small.Where(opCase => opCase.Product is not null && opCase.Name.StartsWith(transposes, StringComparison.Ordinal)),
        ];
        Assert.True(cases.Length > 10);
        foreach (OpCase opCase in cases)
        {
            CaseResult result = OpCaseComparison.WithReference(opCase.Rounded(precision), device.Backend);
            Assert.True(result.Passed, result.ToString());
        }

        Assert.Empty(device.Launcher.Findings());
    }
}
