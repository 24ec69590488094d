using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Reference;
using Xunit;

namespace Engine.Tests;

/// <summary>The definitions, against results computed by hand.</summary>
public sealed class ReferenceBackendTests : IDisposable
{
    private readonly ReferenceBackend _backend = new(DType.F64);
    private readonly Arena _arena;

    public ReferenceBackendTests() => _arena = _backend.CreateArena("test", 1 << 16);

    public void Dispose()
    {
        _arena.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Gemm_WithEverything_FollowsTheFormula()
    {
        TensorRef c = Tensor(new Shape(2, 2), 100, 200, 300, 400);
        TensorRef preActivation = Tensor(new Shape(2, 2));
        _backend.Gemm(new GemmArgs
        {
            A = Tensor(new Shape(2, 3), 1, 2, 3, 4, 5, 6),
            B = Tensor(new Shape(2, 3), 1, 0, 1, 0, 1, 0),
            TransposeB = true,
            C = c,
            Accumulate = true,
            Bias = Tensor(new Shape(2), 0.5, -0.5),
            PreActivation = preActivation,
            Residual = Tensor(new Shape(2, 2), 1, 2, 3, 4),
        });
        Assert.Equal([104.5, 201.5, 310.5, 404.5], Values(preActivation));
        Assert.Equal([105.5, 203.5, 313.5, 408.5], Values(c));
    }

    // One and parts of the last bit kept, 2^-7 in BF16 and 2^-10 in TF32: ties go to even in BF16, away from zero in TF32.
    [Theory]
    [InlineData(Precision.BFloat16, 1.00390625, 1)]
    [InlineData(Precision.BFloat16, 1.01171875, 1.015625)]
    [InlineData(Precision.BFloat16, -1.0041, -1.0078125)]
    [InlineData(Precision.TensorFloat32, 1.00048828125, 1.0009765625)]
    [InlineData(Precision.TensorFloat32, -1.00048828125, -1.0009765625)]
    [InlineData(Precision.TensorFloat32, 1.00048, 1)]
    [InlineData(Precision.TensorFloat32, double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(Precision.Float32, 1.00000001, 1.00000001)]
    public void Gemm_Precision_RoundsOperands(Precision precision, double value, double rounded)
    {
        using ReferenceBackend backend = new(DType.F64, precision);
        TensorRef c = Tensor(new Shape(1, 2));
        backend.Gemm(new GemmArgs { A = Tensor(new Shape(1, 1), value), B = Tensor(new Shape(1, 2), 1, value), C = c });
        Assert.Equal([rounded, rounded * rounded], Values(c));
    }

    [Fact]
    public void LayerNorm_TwoNumbers_BecomeMinusOneAndOne()
    {
        TensorRef y = Tensor(new Shape(1, 2));
        _backend.LayerNorm(new LayerNormArgs
        {
            X = Tensor(new Shape(1, 2), 3, 7),
            Gamma = Tensor(new Shape(2), 10, 10),
            Beta = Tensor(new Shape(2), 1, 2),
            Y = y,
        });
        Assert.Equal([-9, 12], Values(y));
    }

    [Fact]
    public void Attention_EqualKeys_AveragesTheVisibleValues()
    {
        TensorRef output = Tensor(new Shape(3, 1));
        _backend.Attention(new AttentionArgs
        {
            Query = Tensor(new Shape(3, 1), 1, 2, 3),
            Key = Tensor(new Shape(3, 1), 5, 5, 5),
            Value = Tensor(new Shape(3, 1), 1, 2, 6),
            Output = output,
            Batch = 1,
            Heads = 1,
            Causal = true,
        });
        Assert.Equal([1, 1.5, 3], Values(output).Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Attention_NoVisibleKey_GivesZeros()
    {
        TensorRef output = Tensor(new Shape(1, 2));
        TensorRef logSumExp = Tensor(new Shape(1, 1, 1));
        TensorRef mask = _arena.Allocate("mask", DType.U8, new Shape(1, 1));
        _backend.Attention(new AttentionArgs
        {
            Query = Tensor(new Shape(1, 2), 1, 2),
            Key = Tensor(new Shape(1, 2), 5, 5),
            Value = Tensor(new Shape(1, 2), 1, 2),
            Output = output,
            LogSumExp = logSumExp,
            KeyMask = mask,
            Batch = 1,
            Heads = 1,
        });
        Assert.Equal([0, 0], Values(output));
        Assert.Equal(double.NegativeInfinity, Values(logSumExp)[0]);
    }

    [Fact]
    public void CrossEntropy_EqualLogits_LosesTheLogarithmOfTheirNumber()
    {
        TensorRef losses = Tensor(new Shape(2));
        TensorRef gradient = Tensor(new Shape(2, 4));
        _backend.CrossEntropy(new CrossEntropyArgs
        {
            Logits = Tensor(new Shape(2, 4), 3, 3, 3, 3, 9, 9, 9, 9),
            Labels = Integers(1, CrossEntropyArgs.IgnoreLabel),
            Losses = losses,
            Gradient = gradient,
            GradientScale = 2,
        });
        Assert.Equal(Math.Log(4), Values(losses)[0], 1e-14);
        Assert.Equal(0, Values(losses)[1]);
        Assert.Equal([0.5, -1.5, 0.5, 0.5, 0, 0, 0, 0], Values(gradient).Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void ExtractPatches_OneImage_KeepsTheOrderOfAConvolutionKernel()
    {
        TensorRef patches = Tensor(new Shape(2, 8));
        _backend.ExtractPatches(
            Tensor(new Shape(1, 2, 2, 4), [.. Enumerable.Range(0, 16).Select(i => (double)i)]), 2, patches);
        Assert.Equal([0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15], Values(patches));
    }

    [Fact]
    public void AssembleTokens_TwoImages_PutTheClassTokenFirst()
    {
        TensorRef output = Tensor(new Shape(4, 1));
        _backend.AssembleTokens(
            Tensor(new Shape(2, 1), 1, 2), Tensor(new Shape(1), 10), Tensor(new Shape(2, 1), 100, 200), output);
        Assert.Equal([110, 201, 110, 202], Values(output));
    }

    [Fact]
    public void WeightedSum_WeightsByColumn_ScaleTheTaskVectors()
    {
        TensorRef output = Tensor(new Shape(1, 2));
        _backend.WeightedSum(new WeightedSumArgs
        {
            Base = Tensor(new Shape(1, 2), 1, 1),
            Experts = [Tensor(new Shape(1, 2), 2, 3), Tensor(new Shape(1, 2), 0, 11)],
            Weights = Tensor(new Shape(2, 2), 1, 2, 3, 4),
            ChannelIsColumn = true,
            Output = output,
        });
        Assert.Equal([1 + 1 - 2, 1 + 6 + 40], Values(output));
    }

    [Fact]
    public void MultiDot_OneWeightPerExpert_IsTheInnerProductWithTheTaskVector()
    {
        TensorRef result = Tensor(new Shape(2), 0.5, 0.5);
        _backend.MultiDot(new MultiDotArgs
        {
            Gradient = Tensor(new Shape(1, 2), 1, 10),
            Base = Tensor(new Shape(1, 2), 1, 1),
            Experts = [Tensor(new Shape(1, 2), 2, 3), Tensor(new Shape(1, 2), 0, 11)],
            Result = result,
            Accumulate = true,
        });
        Assert.Equal([21.5, 99.5], Values(result));
    }

    [Fact]
    public void AdamW_FirstStep_MovesByTheLearningRate()
    {
        TensorRef parameters = Tensor(new Shape(2), 1, 1);
        _backend.AdamW(new AdamWArgs
        {
            Parameters = parameters,
            Gradient = Tensor(new Shape(2), 5, -0.001),
            FirstMoment = Tensor(new Shape(2)),
            SecondMoment = Tensor(new Shape(2)),
            LearningRate = 0.5f,
            WeightDecay = 0.5f,
            Epsilon = 0,
            Step = 1,
        });
        Assert.Equal([0.25, 1.25], Values(parameters).Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Copy_DoubleToBFloat16_RoundsOnce()
    {
        // Just above halfway between 1 and the next bfloat16; float32 would round it to exactly halfway, and then to even.
        TensorRef source = Tensor(new Shape(1), 1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40));
        TensorRef narrow = _arena.Allocate("narrow", DType.BF16, new Shape(1));
        TensorRef wide = Tensor(new Shape(1));
        _backend.Copy(source, narrow);
        _backend.Copy(narrow, wide);
        Assert.Equal(1 + Math.ScaleB(1, -7), Values(wide)[0]);
    }

    [Fact]
    public void GatherRows_IndexOutOfRange_NamesElementAndRange()
    {
        OperandException error = Assert.Throws<OperandException>(() => _backend.GatherRows(
            Tensor(new Shape(3, 1), 1, 2, 3), Integers(0, 3), Tensor(new Shape(2, 1))));
        Assert.Contains("element 1 is 3, expected 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Upload_WrongCountTypeOrLayout_Throws()
    {
        TensorRef tensor = Tensor(new Shape(2, 2));
        Assert.Throws<OperandException>(() => _backend.Upload<double>([1, 2, 3], tensor));
        Assert.Throws<OperandException>(() => _backend.Upload<int>([1, 2, 3, 4], tensor));
        Assert.Throws<OperandException>(() => _backend.Upload<double>([1, 2], tensor.SliceColumns(0, 1)));
    }

    private TensorRef Tensor(Shape shape, params double[] values)
    {
        TensorRef tensor = _arena.Allocate("operand", DType.F64, shape);
        if (values.Length > 0)
        {
            _backend.Upload<double>(values, tensor);
        }

        return tensor;
    }

    private TensorRef Integers(params int[] values)
    {
        TensorRef tensor = _arena.Allocate("integers", DType.I32, new Shape(values.Length));
        _backend.Upload<int>(values, tensor);
        return tensor;
    }

    private double[] Values(TensorRef tensor)
    {
        double[] values = new double[tensor.ElementCount];
        _backend.Download<double>(tensor, values);
        return values;
    }
}
