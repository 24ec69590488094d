using System;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>Ops of a training step allocate no managed memory once their scratch has grown.</summary>
public sealed class OpAllocationTests : IDisposable
{
    private readonly HostBackend _backend = new(threads: 2);
    private readonly Arena _arena;

    public OpAllocationTests() => _arena = _backend.CreateArena("test", 1 << 20);

    public void Dispose()
    {
        _arena.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Attention_ForwardAndBackward_AllocateNothing()
    {
        TensorRef qkv = Floats("qkv", 34, 96);
        TensorRef gradient = Floats("dqkv", 34, 96);
        TensorRef output = Floats("out", 34, 32);
        TensorRef logSumExp = _arena.Allocate("lse", DType.F32, new Shape(2, 2, 17));
        AllocationAssert.None(() =>
        {
            AttentionArgs args = new()
            {
                Query = qkv.SliceColumns(0, 32),
                Key = qkv.SliceColumns(32, 32),
                Value = qkv.SliceColumns(64, 32),
                Output = output,
                LogSumExp = logSumExp,
                Batch = 2,
                Heads = 2,
            };
            _backend.Attention(args);
            _backend.AttentionBackward(new AttentionBackwardArgs
            {
                Forward = args,
                OutputGradient = output,
                QueryGradient = gradient.SliceColumns(0, 32),
                KeyGradient = gradient.SliceColumns(32, 32),
                ValueGradient = gradient.SliceColumns(64, 32),
            });
        });
    }

    [Fact]
    public void Merging_SumAndDots_AllocateNothing()
    {
        TensorRef theta = Floats("theta", 40, 50);
        TensorRef weights = Floats("weights", 50, 3);
        TensorRef[] experts = [Floats("e0", 40, 50), Floats("e1", 40, 50), Floats("e2", 40, 50)];
        TensorRef @base = Floats("base", 40, 50);
        AllocationAssert.None(() =>
        {
            _backend.WeightedSum(new WeightedSumArgs
            {
                Base = @base, Experts = experts, Weights = weights, ChannelIsColumn = true, Output = theta,
            });
            _backend.MultiDot(new MultiDotArgs
            {
                Base = @base, Experts = experts, Gradient = theta, ChannelIsColumn = true, Result = weights,
            });
        });
    }

    [Fact]
    public void RowOps_OneStep_AllocateNothing()
    {
        TensorRef x = Floats("x", 60, 40);
        TensorRef y = Floats("y", 60, 40);
        TensorRef gamma = Floats("gamma", 1, 40).Reshape(new Shape(40));
        TensorRef beta = Floats("beta", 1, 40).Reshape(new Shape(40));
        TensorRef mean = Floats("mean", 1, 60).Reshape(new Shape(60));
        TensorRef deviation = Floats("rstd", 1, 60).Reshape(new Shape(60));
        TensorRef labels = _arena.Allocate("labels", DType.I32, new Shape(60));
        AllocationAssert.None(() =>
        {
            _backend.LayerNorm(new LayerNormArgs
            {
                X = x, Gamma = gamma, Beta = beta, Y = y, Mean = mean, ReciprocalDeviation = deviation, Epsilon = 1e-5f,
            });
            _backend.Activate(Activation.QuickGelu, y, y);
            _backend.CrossEntropy(new CrossEntropyArgs { Logits = y, Labels = labels, Losses = mean, Gradient = y, GradientScale = 1 });
            _backend.LayerNormBackward(new LayerNormBackwardArgs
            {
                OutputGradient = y,
                X = x,
                Gamma = gamma,
                Mean = mean,
                ReciprocalDeviation = deviation,
                InputGradient = y,
                GammaGradient = gamma,
                BetaGradient = beta,
            });
            _backend.AdamW(new AdamWArgs
            {
                Parameters = x, Gradient = y, FirstMoment = y, SecondMoment = y, LearningRate = 1e-3f, Step = 1,
            });
            _backend.ScatterRows(x, labels, y);
            _backend.Copy(x, y);
            _backend.Fill(y, 0);
        });
    }

    private TensorRef Floats(string name, int rows, int columns) => _arena.Allocate(name, DType.F32, new Shape(rows, columns));
}
