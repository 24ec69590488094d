using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Reference;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Attention on tensor cores, its PTX run by the interpreter: right against operands rounded in the same places, without a finding
/// however warps are scheduled, and without a bank conflict.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedTensorAttentionTests
{
    // Errors of float32 sums, and of powers of two.
    private const double Exact = 2e-5;

    // A weight that an error in its last place rounds to its other neighbour changes a row of results.
    private const double MostInexact = 0.2;

    private static readonly Regex StaysInFloat32 = new(@"Tq1 |D(6[5-9]|[7-9]\d|\d{3})\b");

    private static readonly Precision[] Precisions = [Precision.BFloat16, Precision.TensorFloat32];

    public static IEnumerable<TheoryDataRow<Precision, string>> SmallCases =>
        from precision in Precisions
        from op in new[] { "Attention", "AttentionBackward" }
        select new TheoryDataRow<Precision, string>(precision, op);

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Ptx_EverySmallCase_IsRoundedWhereTheReferenceRoundsWithoutFinding(Precision precision, string op)
    {
        using InterpretedCudaFixture device = Device(precision, seed: null, counts: false);

        // TF32 differs in a few instructions: some of the cases will do.
        int step = precision == Precision.BFloat16 ? 2 : 5;
        OpCase[] cases =
        [
            .. OpCases.Small.Where(opCase => opCase.Op == op && !StaysInFloat32.IsMatch(opCase.Name))
                .Where((_, index) => index % step == 0),
        ];
        Assert.True(cases.Length * step > 50);
        foreach (OpCase opCase in cases)
        {
            AssertIsRoundedAlike(opCase, device.Backend);
        }

        Assert.Empty(device.Launcher.Findings());
        Assert.Equal(op == "Attention" ? 2 : 4, device.Launcher.Reports.Select(static launch => launch.Kernel)
            .Where(static kernel => kernel.Contains("tensor", StringComparison.Ordinal)).Distinct().Count());
    }

    [Theory]
    [InlineData(Precision.BFloat16, 160, 160, true)]
    [InlineData(Precision.BFloat16, 64, 264, false)]
    [InlineData(Precision.TensorFloat32, 160, 160, true)]
    [InlineData(Precision.TensorFloat32, 64, 264, false)]
    public void Ptx_HeadsOf64_AccessMemoryWithoutConflictsAndWholeSectors(Precision precision, int queries, int keys, bool causal)
    {
        AttentionVariant variant = Heads(queries, keys, causal);
        using InterpretedCudaFixture device = Device(precision, seed: 1);
        AssertIsRoundedAlike(variant.ToForwardCase(), device.Backend);
        AssertIsRoundedAlike(variant.ToBackwardCase(), device.Backend);
        Assert.Empty(device.Launcher.Findings());
        string format = precision == Precision.BFloat16 ? "bf16" : "tf32";
        Assert.Equal(
            [
                $"attention_key_gradient_tensor_{format}_aligned", $"attention_query_gradient_tensor_{format}_aligned",
                $"attention_tensor_{format}_aligned",
            ],
            device.Launcher.Reports.Select(static launch => launch.Kernel).Distinct().Order());
        Assert.All(device.Launcher.Reports.SelectMany(static launch => launch.Report.Accesses), AssertWastesNothing);
    }

    [Theory]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Ptx_AnySchedule_IsEqualToTheBitWithoutFinding(Precision precision)
    {
        AttentionVariant variant = Heads(130, 140, causal: true) with { Heads = 1, Batch = 2, Packed = false, Gap = 3 };
        using InterpretedCudaFixture first = Device(precision, seed: 2);
        using InterpretedCudaFixture second = Device(precision, seed: 3, architecture: CudaArchitecture.SM_90);
        foreach (OpCase opCase in new[] { variant.ToForwardCase(), variant.ToBackwardCase() })
        {
            Assert.Null(OpCaseComparison.FindBitDifference(opCase, first.Backend, second.Backend));
            CaseResult result = OpCaseComparison.WithReference(opCase, first.Backend);
            Assert.True(result.Passed, result.ToString());
        }

        Assert.Empty(first.Launcher.Findings());
        Assert.Empty(second.Launcher.Findings());
    }

    /// <summary>Nothing but rounding tells it from float32: 8 or 11 bits of each of two factors.</summary>
    [Theory]
    [InlineData(Precision.BFloat16, 1.0 / 64)]
    [InlineData(Precision.TensorFloat32, 1.0 / 512)]
    public void Ptx_TokensOfAModel_StayNearFloat32(Precision precision, double tolerance)
    {
        AttentionVariant variant = Heads(197, 197, causal: true) with { Heads = 1 };
        using InterpretedCudaFixture device = Device(precision, seed: null, counts: false);
        using ReferenceBackend reference = new();
        foreach (OpCase opCase in new[] { variant.ToForwardCase(), variant.ToBackwardCase() })
        {
            CaseResult result = OpCaseComparison.Between(opCase, device.Backend, reference);
            Assert.Null(result.StrayWrite);
            Assert.All(result.Errors, error => Assert.True(error.Error <= tolerance, error.ToString()));
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(70, 65)]
    public void Ptx_OneQueryOrLongHeads_StayInFloat32(int queries, int headSize)
    {
        AttentionVariant variant = Heads(queries, 70, causal: true) with { HeadSize = headSize };
        using InterpretedCudaFixture device = Device(Precision.BFloat16, seed: null, counts: false);
        using ReferenceBackend reference = new();
        CaseResult result = OpCaseComparison.Between(variant.ToForwardCase(), device.Backend, reference);
        Assert.All(result.Errors, static error => Assert.True(error.Error <= Tolerance.For(DType.F32), error.ToString()));
        Assert.DoesNotContain(
            device.Launcher.Reports, static launch => launch.Kernel.Contains("tensor", StringComparison.Ordinal));
    }

    private static AttentionVariant Heads(int queries, int keys, bool causal) => new()
    {
        Batch = 1, Heads = 2, Queries = queries, Keys = keys, HeadSize = 64, Causal = causal, Packed = queries == keys,
    };

    private static InterpretedCudaFixture Device(
        Precision precision, int? seed, bool counts = true, CudaArchitecture? architecture = null) => new(
        architecture ?? CudaArchitecture.SM_80,
        new LaunchOptions { CollectCounters = counts, HostThreads = Environment.ProcessorCount, Seed = seed },
        precision);

    private static void AssertWastesNothing(CountedAccess access)
    {
        AccessCounters counters = access.Counters;
        Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);

        // Lanes that read the same number, or tokens that stand in for those behind the end, take fewer sectors than side by side.
        Assert.InRange(counters.GlobalSectors, 0, counters.GlobalIdealSectors);
    }

    /// <summary>Within the tolerance, and nearly all of it as exact as if nothing was rounded.</summary>
    private static void AssertIsRoundedAlike(OpCase opCase, IBackend backend)
    {
        using ReferenceBackend reference = new(DType.F32, backend.Info.Precision);
        using PreparedCase actualRun = new(opCase, backend);
        using PreparedCase expectedRun = new(opCase, reference);
        actualRun.Run();
        expectedRun.Run();
        using CaseImage actual = actualRun.Download();
        using CaseImage expected = expectedRun.Download();
        double tolerance = Tolerance.OfRoundedResults(DType.F32, backend.Info.Precision);
        int all = 0;
        int inexact = 0;
        for (int operand = 0; operand < opCase.Operands.Count; operand++)
        {
            if (opCase.Operands[operand].Role != OperandRole.In)
            {
                double[] wanted = Values(expected, operand);
                double[] errors = [.. Values(actual, operand).Zip(wanted, Difference)];
                double scale = Math.Max(Tolerance.SmallestScale, wanted.Where(double.IsFinite).DefaultIfEmpty().Max(Math.Abs));
                Assert.True(
                    errors.Max() <= tolerance * scale, $"{opCase}: '{opCase.Operands[operand].Name}' is wrong by {errors.Max() / scale}.");
                all += errors.Length;
                inexact += errors.Count(error => error > Exact * scale);
            }
        }

        Assert.True(inexact <= MostInexact * all, $"{opCase}: {inexact} of {all} results are rounded otherwise.");
    }

    private static double[] Values(CaseImage image, int operand)
    {
        Shape shape = image.Case.Operands[operand].Shape;
        return
        [
            .. from row in Enumerable.Range(0, shape.Rows)
               from column in Enumerable.Range(0, shape.Columns)
               select image.Value(operand, row, column),
        ];
    }

    private static double Difference(double one, double other)
    {
        double difference = one.Equals(other) ? 0 : Math.Abs(one - other);
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
