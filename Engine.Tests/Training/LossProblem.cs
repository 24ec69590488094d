using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>A head with an objective, features of eleven rows, and labels or targets for them.</summary>
internal sealed class LossProblem : IDisposable
{
    public const int Rows = 11;
    private const int Width = 8;

    private readonly IBackend _backend;
    private readonly Gpt2Backbone? _backbone;
    private readonly Head _head;
    private readonly Objective _objective;
    private readonly Arena _arena;
    private readonly TensorRef _features;
    private readonly TensorRef _featureGradient;
    private readonly TensorRef _logitsGradient;

    /// <param name="backend">Computes; stays with the caller.</param>
    /// <param name="kind">"linear", "regression", "zero-shot" or "tied".</param>
    public LossProblem(IBackend backend, string kind)
    {
        _backend = backend;
        _backbone = kind == "tied" ? Gpt2Backbone.Create(backend, TinyConfig, FeaturePooling.AllTokens) : null;
        _head = kind switch
        {
            "linear" => LinearHead.Create(backend, "classifier", Width, 5, bias: true),
            "regression" => LinearHead.Create(backend, "score", Width, 1, bias: false),
            "zero-shot" => ZeroShotHead.Create(backend, Width, 6, 5),
            _ => new TiedLanguageModelHead(_backbone!),
        };
        _objective = kind switch
        {
            "regression" => Objective.Regression,
            "tied" => Objective.LanguageModeling,
            _ => Objective.Classification,
        };
        Fill(_head.Parameters, 1);
        if (_backbone is not null)
        {
            Fill(_backbone.Parameters, 2);
        }

        _head.ParametersChanged();
        _head.RequestGradients(null);
        _backbone?.RequestGradients(null);
        Shape wide = new(Rows, Width);
        Shape logits = new(Rows, _head.Classes);
        _arena = backend.CreateArena("problem", (2 * Arena.AlignedSize(DType.F32, wide)) + Arena.AlignedSize(DType.F32, logits));
        _features = _arena.Allocate("features", DType.F32, wide);
        _featureGradient = _arena.Allocate("gradient.features", DType.F32, wide);
        _logitsGradient = _arena.Allocate("gradient.logits", DType.F32, logits);
        Fill(_features, 3);
        Batch = Labelled();
    }

    public Batch Batch { get; }

    public TensorRef Features => _features;

    /// <summary>Bytes of so many rows of logits.</summary>
    public long LogitBytes(int rows) => (long)rows * _head.Classes * sizeof(float);

    /// <summary>A loss function that computes at most so many bytes of logits at a time.</summary>
    public LossFunction Loss(long logitBytes) => new(_head, _objective, logitBytes);

    /// <summary>Loss and gradients from logits that exist whole.</summary>
    public (double Loss, float[] Gradients) FromWholeLogits()
    {
        Reset();
        using LossFunction function = Loss(LossFunction.DefaultLogitBytes);
        double loss = function.Compute(_head.Forward(_features), Batch, _logitsGradient);
        _head.Backward(_features, _logitsGradient, _featureGradient);
        return (loss, Gradients());
    }

    /// <summary>Loss and gradients from features.</summary>
    public (double Loss, float[] Gradients) FromFeatures(long logitBytes, double weight = 1, bool accumulate = false)
    {
        if (!accumulate)
        {
            Reset();
        }

        using LossFunction function = Loss(logitBytes);
        double loss = function.ForwardBackward(_features, Batch, _featureGradient, weight, accumulate);
        return (loss, Gradients());
    }

    public void Dispose()
    {
        _head.Dispose();
        _backbone?.Dispose();
        _arena.Dispose();
    }

    private static Gpt2Config TinyConfig => new()
    {
        VocabSize = 13,
        MaxPositionEmbeddings = Rows,
        HiddenSize = Width,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        IntermediateSize = 8,
    };

    /// <summary>Gradients of the features and of everything that the head trains.</summary>
    private float[] Gradients() =>
    [
        .. Bits.Of(_backend, _featureGradient),
        .. Bits.Of(_backend, _head.Gradients),
        .. _backbone is null ? [] : Bits.Of(_backend, _backbone.TokenTableGradient),
    ];

    /// <summary>As after a forward pass of the backbone.</summary>
    private void Reset()
    {
        if (_backbone is not null)
        {
            _backbone.HeadWroteTokenTableGradient = false;
        }
    }

    private Batch Labelled()
    {
        Batch batch = _backbone is null ? Batch.ForTokens(Rows, 1) : Batch.ForTokens(1, Rows, labelPerToken: true);
        batch.Count = batch.Capacity;
        for (int i = 0; i < Rows; i++)
        {
            batch.Labels[i] = i % Math.Max(_head.Classes, 2);
        }

        for (int i = 0; i < batch.Count; i++)
        {
            batch.Targets[i] = MathF.Cos(i);
        }

        batch.Labels[4] = CrossEntropyArgs.IgnoreLabel;
        return batch;
    }

    private void Fill(ParameterSet parameters, int seed)
    {
        foreach (ParameterSpec parameter in parameters.Parameters)
        {
            Fill(parameters[parameter.Name], seed++);
        }
    }

    private void Fill(TensorRef tensor, int seed)
    {
        float[] values = new float[tensor.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Sin((1.7f * i) + seed);
        }

        _backend.Upload<float>(values, tensor);
    }
}
