using Engine.Kernels;

namespace Engine.Models;

/// <summary>logits = features W^T (+ b): ViT's classifier, GPT-2's score.</summary>
public sealed class LinearHead : Head
{
    private readonly Linear _linear;

    private LinearHead(IBackend backend, ParameterLayout layout, Linear linear)
        : base(backend, layout, linear.Inputs, linear.Outputs) => _linear = linear;

    /// <summary>Creates a head with weights of zero.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="name">"classifier" or "score": parameters are name.weight [K, C] and name.bias [K].</param>
    /// <param name="featureSize">C.</param>
    /// <param name="classes">K.</param>
    /// <param name="bias">Has name.bias.</param>
    public static LinearHead Create(IBackend backend, string name, int featureSize, int classes, bool bias)
    {
        ParameterLayout layout = new();
        int weight = layout.Add(
            new ParameterSpec($"{name}.weight", new Shape(classes, featureSize), name, ModuleKind.Mlp, ChannelAxis.Row));
        int biasSlot = bias ? layout.Add(new ParameterSpec($"{name}.bias", new Shape(classes), name, ModuleKind.Mlp)) : -1;
        return new LinearHead(backend, layout, new Linear(weight, biasSlot, featureSize, classes));
    }

    /// <inheritdoc/>
    public override void Backward(TensorRef features, TensorRef logitsGradient, TensorRef featureGradient, bool accumulate = false)
    {
        _linear.WeightGradient(Backend, Gradients, features, logitsGradient, accumulate);
        if (!featureGradient.IsNone)
        {
            Backend.Gemm(_linear.InputGradient(Parameters, logitsGradient, featureGradient));
        }
    }

    private protected override void Declare(ActivationPlan plan, int rows)
    {
        // The logits are all there is.
    }

    private protected override void Compute(TensorRef features, TensorRef logits) =>
        Backend.Gemm(_linear.Forward(Parameters, features, logits));
}
