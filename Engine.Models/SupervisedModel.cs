using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>A backbone with its head and loss: what a checkpoint of one task holds.</summary>
public sealed class SupervisedModel : IDisposable
{
    private readonly ActivationPlan _plan;
    private TensorRef _featureGradient;
    private int _plannedRows = -1;

    /// <summary>Joins the parts, which are owned from here on.</summary>
    /// <param name="backbone">From batch to features.</param>
    /// <param name="head">From features to logits.</param>
    /// <param name="objective">What the loss compares.</param>
    public SupervisedModel(Backbone backbone, Head head, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        Backbone = backbone;
        Head = head;
        Loss = new LossFunction(head, objective);
        _plan = new ActivationPlan(backbone.Backend, "gradient of features");
    }

    /// <summary>From batch to features.</summary>
    public Backbone Backbone { get; }

    /// <summary>From features to logits.</summary>
    public Head Head { get; }

    /// <summary>From features or logits to the mean loss.</summary>
    public LossFunction Loss { get; }

    /// <summary>Loads a ViT for image classification, or a GPT-2 for language modelling or sequence classification.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="checkpoint">Holds the weights; it is not needed afterwards.</param>
    /// <param name="weightType">Dtype of the weights of the backbone's products; see <see cref="ParameterSet"/>. A classifier stays in the
    /// compute dtype.</param>
    /// <exception cref="DataException">The architecture has no head of its own, or a tensor is missing or has another shape.</exception>
    public static SupervisedModel Load(IBackend backend, Checkpoint checkpoint, DType? weightType = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Backbone backbone = ModelLoader.LoadBackbone(backend, checkpoint, weightType);
        Head head = backbone is Gpt2Backbone { Pooling: FeaturePooling.AllTokens } language
            ? new TiedLanguageModelHead(language)
            : ModelLoader.LoadLinearHead(backend, checkpoint);
        return new SupervisedModel(backbone, head, ModelLoader.ObjectiveOf(checkpoint.Configuration));
    }

    /// <summary>Computes logits [B, K], or [B * T, K] for a language model.</summary>
    public TensorRef Forward(Batch batch, ForwardMode mode) => Head.Forward(Backbone.Forward(batch, mode));

    /// <summary>Asks for gradients by their names in a checkpoint.</summary>
    /// <param name="wanted">By name; null for all.</param>
    public void RequestGradients(Predicate<string>? wanted)
    {
        string prefix = Backbone.CheckpointPrefixes[0];
        Backbone.RequestGradients(wanted is null ? null : name => wanted(prefix + name));
        Head.RequestGradients(wanted);
    }

    /// <summary>Forward and backward pass.</summary>
    /// <param name="batch">Samples with labels or targets.</param>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    /// <returns>The mean loss.</returns>
    public double ForwardBackward(Batch batch, bool accumulate = false)
    {
        TensorRef features = Backbone.Forward(batch, ForwardMode.Training);
        Prepare(features.Rows);
        double loss = Loss.ForwardBackward(features, batch, _featureGradient, accumulate: accumulate);
        Backbone.Backward(_featureGradient, accumulate);
        return loss;
    }

    /// <summary>Backward pass from any gradient of the logits.</summary>
    /// <param name="features">What the forward pass of the backbone returned [R, C].</param>
    /// <param name="logitsGradient">dL/dlogits [R, K].</param>
    /// <param name="accumulate">Add to the gradients instead of overwriting them.</param>
    public void Backward(TensorRef features, TensorRef logitsGradient, bool accumulate = false)
    {
        Prepare(features.Rows);
        Head.Backward(features, logitsGradient, _featureGradient, accumulate);
        Backbone.Backward(_featureGradient, accumulate);
    }

    /// <summary>All parameters under their names in a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, TensorRef>> NamedParameters() => Named(Backbone.Parameters, Head.Parameters);

    /// <summary>All requested gradients under their parameters' names in a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, TensorRef>> NamedGradients() => Named(Backbone.Gradients, Head.Gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        Backbone.Dispose();
        Head.Dispose();
        Loss.Dispose();
        _plan.Dispose();
    }

    private void Prepare(int rows)
    {
        if (rows != _plannedRows)
        {
            Plan(rows);
            _plannedRows = rows;
        }
    }

    // A method of its own: the closure is allocated on entry, and most passes need no plan.
    private void Plan(int rows) =>
        _plan.Build(plan => _featureGradient = plan.Add("gradient.features", rows, Backbone.FeatureSize));

    private IEnumerable<KeyValuePair<string, TensorRef>> Named(ParameterSet backbone, ParameterSet head)
    {
        foreach (ParameterSpec parameter in backbone.Parameters)
        {
            yield return new(Backbone.CheckpointPrefixes[0] + parameter.Name, backbone[parameter.Name]);
        }

        foreach (ParameterSpec parameter in head.Parameters)
        {
            yield return new(parameter.Name, head[parameter.Name]);
        }
    }
}
