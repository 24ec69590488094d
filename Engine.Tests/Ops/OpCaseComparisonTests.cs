using System;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Reference;
using Xunit;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Tests;

/// <summary>A comparison is worth something only if it can fail.</summary>
public sealed class OpCaseComparisonTests : IDisposable
{
    private readonly ReferenceBackend _good = new();
    private readonly ReferenceBackend _broken = new();

    public void Dispose()
    {
        _good.Dispose();
        _broken.Dispose();
    }

    [Fact]
    public void Between_SameOp_Passes() => Assert.True(Compare((_, _) => { }).Passed);

    [Fact]
    public void Between_OneWrongElement_NamesIt()
    {
        CaseResult result = Compare((backend, t) => backend.Fill(t["y"].SliceRows(2, 1).SliceColumns(3, 1), 7));
        Assert.False(result.Passed);
        Assert.Equal(("y", 2, 3, 7.0), (result.Worst.Operand, result.Worst.Row, result.Worst.Column, result.Worst.Actual));
    }

    [Fact]
    public void Between_SlightlyWrong_FailsAboveTheTolerance()
    {
        Assert.True(Compare((backend, t) => backend.Axpy(1e-7f, t["x"], t["y"]), gap: 0).Passed);
        Assert.False(Compare((backend, t) => backend.Axpy(1e-4f, t["x"], t["y"]), gap: 0).Passed);
    }

    [Fact]
    public void Between_NotANumber_Fails() => Assert.False(Compare((backend, t) => backend.Fill(t["y"], float.NaN)).Passed);

    [Fact]
    public void Between_OutputNeverWritten_Fails()
    {
        OpCase opCase = new()
        {
            Op = "Fill",
            Name = "forgotten",
            Operands = [Output("y", new Shape(3))],
            Call = (backend, t) =>
            {
                if (!ReferenceEquals(backend, _broken))
                {
                    backend.Fill(t["y"], 1);
                }
            },
        };
        Assert.False(OpCaseComparison.Between(opCase, _broken, _good).Passed);
    }

    [Fact]
    public void Between_WriteIntoARowGap_IsReported()
    {
        CaseResult result = Compare((backend, t) => backend.Fill(Beyond(t["y"], t["y"].Columns), 7));
        Assert.False(result.Passed);
        Assert.Contains("'y' (Out)", result.StrayWrite, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_WriteBehindTheLastRow_IsReported()
    {
        CaseResult result = Compare((backend, t) => backend.Fill(Beyond(t["y"], 3 * t["y"].RowStride), 7));
        Assert.NotNull(result.StrayWrite);
    }

    [Fact]
    public void Between_WriteToAnInput_IsReported()
    {
        CaseResult result = Compare((backend, t) => backend.Fill(t["x"].SliceRows(1, 1), 7));
        Assert.Contains("'x' (In)", result.StrayWrite, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_WrongInteger_FailsHoweverCloseItIs()
    {
        OpCase opCase = new()
        {
            Op = "ArgMax",
            Name = "off by one",
            Operands = [Input("x", new Shape(3, 4000)), Output("indices", new Shape(3)) with { Stored = DType.I32 }],
            Call = (backend, t) =>
            {
                backend.ArgMax(t["x"], t["indices"]);
                if (ReferenceEquals(backend, _broken))
                {
                    int[] indices = new int[3];
                    backend.Download<int>(t["indices"], indices);
                    indices[1]++;
                    backend.Upload<int>(indices, t["indices"]);
                }
            },
        };
        Assert.Equal(double.PositiveInfinity, OpCaseComparison.Between(opCase, _broken, _good).Worst.Error);
        Assert.True(OpCaseComparison.Between(opCase, _good, _good).Passed);
    }

    [Fact]
    public void FindBitDifference_OneBit_IsFound()
    {
        OpCase opCase = Sabotaged((backend, t) => backend.Axpy(1e-7f, t["x"], t["y"]), gap: 0);
        Assert.Null(OpCaseComparison.FindBitDifference(opCase, _good, _good));
        Assert.NotNull(OpCaseComparison.FindBitDifference(opCase, _good, _broken));
    }

    /// <summary>Layer-normalised copy of a [3, 5] input, followed by damage on the broken backend.</summary>
    private OpCase Sabotaged(OpCall damage, int gap) => new()
    {
        Op = "LayerNorm",
        Name = "sabotaged",
        Operands =
        [
            Input("x", new Shape(3, 5), gap: gap), Input("gamma", new Shape(5)), Input("beta", new Shape(5)),
            Output("y", new Shape(3, 5), gap),
        ],
        Call = (backend, t) =>
        {
            backend.LayerNorm(new LayerNormArgs { X = t["x"], Gamma = t["gamma"], Beta = t["beta"], Y = t["y"], Epsilon = 1e-5f });
            if (ReferenceEquals(backend, _broken))
            {
                damage(backend, t);
            }
        },
    };

    private CaseResult Compare(OpCall damage, int gap = 2) => OpCaseComparison.Between(Sabotaged(damage, gap), _broken, _good);

    /// <summary>The element that lies some elements behind the first one.</summary>
    private static TensorRef Beyond(TensorRef tensor, int elements) =>
        new(tensor.Buffer!, tensor.ByteOffset + ((long)elements * tensor.DType.SizeInBytes()), tensor.DType, new Shape(1), "stray");
}
