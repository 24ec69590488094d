using System;
using Engine.Kernels;

namespace Engine.Fusion;

/// <summary>Adam or AdamW over all router parameters at once. The parameters live in a host array between steps.</summary>
internal sealed class RouterOptimizer : IDisposable
{
    private readonly IBackend _backend;
    private readonly Arena _arena;
    private readonly TensorRef _parameters;
    private readonly TensorRef _gradient;
    private readonly TensorRef _firstMoment;
    private readonly TensorRef _secondMoment;
    private readonly float _weightDecay;

    /// <param name="backend">Computes.</param>
    /// <param name="count">Router parameters.</param>
    /// <param name="weightDecay">0 for Adam.</param>
    public RouterOptimizer(IBackend backend, int count, double weightDecay)
    {
        _backend = backend;
        _weightDecay = (float)weightDecay;
        DType dtype = backend.Info.ComputeType;
        Shape shape = new(count);
        _arena = backend.CreateArena("router optimiser", 4 * Arena.AlignedSize(dtype, shape));
        _parameters = _arena.Allocate("parameters", dtype, shape);
        _gradient = _arena.Allocate("gradient", dtype, shape);
        _firstMoment = _arena.Allocate("first_moment", dtype, shape);
        _secondMoment = _arena.Allocate("second_moment", dtype, shape);
    }

    /// <summary>Updates the parameters.</summary>
    /// <param name="parameters">In and out.</param>
    /// <param name="gradient">dL/dparameters.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="step">Counted from 1.</param>
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradient, double learningRate, int step)
    {
        _backend.Upload<float>(parameters, _parameters);
        _backend.Upload(gradient, _gradient);
        _backend.AdamW(new AdamWArgs
        {
            Parameters = _parameters,
            Gradient = _gradient,
            FirstMoment = _firstMoment,
            SecondMoment = _secondMoment,
            LearningRate = (float)learningRate,
            WeightDecay = _weightDecay,
            Step = step,
        });
        _backend.Download(_parameters, parameters);
    }

    /// <summary>Copies the moments out.</summary>
    public void Save(Span<float> firstMoment, Span<float> secondMoment)
    {
        _backend.Download(_firstMoment, firstMoment);
        _backend.Download(_secondMoment, secondMoment);
    }

    /// <summary>Takes the moments over.</summary>
    public void Restore(ReadOnlySpan<float> firstMoment, ReadOnlySpan<float> secondMoment)
    {
        _backend.Upload(firstMoment, _firstMoment);
        _backend.Upload(secondMoment, _secondMoment);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
