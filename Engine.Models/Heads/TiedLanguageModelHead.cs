using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>logits = features wte^T: GPT-2's language-model head, whose weight is the token table.</summary>
public sealed class TiedLanguageModelHead : Head
{
    private readonly Gpt2Backbone _backbone;

    /// <summary>Creates the head; it has no parameters of its own.</summary>
    /// <param name="backbone">Owner of the token table [V, C].</param>
    public TiedLanguageModelHead(Gpt2Backbone backbone)
        : base(Checked(backbone).Backend, new ParameterLayout(), backbone.FeatureSize, backbone.Config.VocabSize) => _backbone = backbone;

    /// <inheritdoc/>
    public override void Backward(TensorRef features, TensorRef logitsGradient, TensorRef featureGradient, bool accumulate = false)
    {
        if (!_backbone.TokenTableGradient.IsNone)
        {
            Backend.Gemm(new GemmArgs
            {
                A = logitsGradient,
                TransposeA = true,
                B = features,
                C = _backbone.TokenTableGradient,
                Accumulate = accumulate || _backbone.HeadWroteTokenTableGradient,
            });
            _backbone.HeadWroteTokenTableGradient = true;
        }

        if (!featureGradient.IsNone)
        {
            Backend.Gemm(new GemmArgs { A = logitsGradient, B = _backbone.TokenTable, C = featureGradient });
        }
    }

    private protected override void Declare(ActivationPlan plan, int rows)
    {
        // The logits are all there is.
    }

    private protected override void Compute(TensorRef features, TensorRef logits) =>
        Backend.Gemm(new GemmArgs { A = features, B = _backbone.TokenTable, TransposeB = true, C = logits });

    private static Gpt2Backbone Checked(Gpt2Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone;
    }
}
