using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// CLIP's zero-shot classifier: logits = exp(logit_scale) * normalize(features W^T) E^T, with W the visual projection [D, C] and
/// E one unit row per class [K, D] (Radford et al., arXiv 2103.00020, section 3.1.2).
/// </summary>
public sealed class ZeroShotHead : Head
{
    private readonly Linear _projection;
    private readonly int _text;
    private readonly int _scale;
    private readonly int _embeddingSize;
    private readonly Arena _derived;
    private readonly TensorRef _scaledText;
    private readonly TensorRef _scaledTextGradient;
    private double _factor = 1;
    private TensorRef _embeddings;
    private TensorRef _normalized;
    private TensorRef _norms;
    private TensorRef _normalizedGradient;

    private ZeroShotHead(IBackend backend, ParameterLayout layout, Linear projection, int text, int scale, int classes)
        : base(backend, layout, projection.Inputs, classes)
    {
        _projection = projection;
        _text = text;
        _scale = scale;
        _embeddingSize = projection.Outputs;
        DType dtype = backend.Info.ComputeType;
        Shape shape = new(classes, _embeddingSize);
        _derived = backend.CreateArena("scaled text embeddings", 2 * Arena.AlignedSize(dtype, shape));
        _scaledText = _derived.Allocate("scaled_text", dtype, shape);
        _scaledTextGradient = _derived.Allocate("gradient.scaled_text", dtype, shape);
    }

    /// <summary>features W^T of the last forward pass [R, D].</summary>
    public TensorRef Embeddings { get; private set; }

    /// <summary>Unit rows of <see cref="Embeddings"/> [R, D].</summary>
    public TensorRef NormalizedEmbeddings { get; private set; }

    /// <summary>Creates a head with weights of zero; parameters are visual_projection.weight [D, C], text_embeds [K, D], logit_scale
    /// [].</summary>
    public static ZeroShotHead Create(IBackend backend, int featureSize, int embeddingSize, int classes)
    {
        const string Module = "zero_shot";
        ParameterLayout layout = new();
        int weight = layout.Add(new ParameterSpec(
            "visual_projection.weight", new Shape(embeddingSize, featureSize), Module, ModuleKind.Mlp, ChannelAxis.Row));
        int text = layout.Add(new ParameterSpec("text_embeds", new Shape(classes, embeddingSize), Module, ModuleKind.Mlp, ChannelAxis.Row));
        int scale = layout.Add(new ParameterSpec("logit_scale", new Shape(), Module, ModuleKind.Mlp));
        return new ZeroShotHead(backend, layout, new Linear(weight, -1, featureSize, embeddingSize), text, scale, classes);
    }

    /// <summary>Takes over changed text embeddings and scale.</summary>
    public override void ParametersChanged()
    {
        Span<double> scale = stackalloc double[1];
        Backend.Download(Parameters.Slot(_scale), scale);
        _factor = Math.Exp(scale[0]);
        Backend.Fill(_scaledText, 0);
        Backend.Axpy(_factor, Parameters.Slot(_text), _scaledText);
    }

    /// <inheritdoc/>
    public override void Backward(TensorRef features, TensorRef logitsGradient, TensorRef featureGradient, bool accumulate = false)
    {
        ParameterGradients(logitsGradient, accumulate);
        if (featureGradient.IsNone && !_projection.IsWanted(Gradients))
        {
            return;
        }

        TensorRef gradient = _normalizedGradient.SliceRows(0, features.Rows);
        Backend.Gemm(new GemmArgs { A = logitsGradient, B = _scaledText, C = gradient });
        Backend.NormalizeRowsBackward(gradient, NormalizedEmbeddings, _norms.SliceColumns(0, features.Rows), gradient);
        _projection.WeightGradient(Backend, Gradients, features, gradient, accumulate);
        if (!featureGradient.IsNone)
        {
            Backend.Gemm(_projection.InputGradient(Parameters, gradient, featureGradient));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _derived.Dispose();
        }
    }

    private protected override void Declare(ActivationPlan plan, int rows)
    {
        _embeddings = plan.Add("image_embeds", rows, _embeddingSize);
        _normalized = plan.Add("image_embeds.normalized", rows, _embeddingSize);
        _norms = plan.Add("image_embeds.norms", rows);
        _normalizedGradient = plan.Add("gradient.image_embeds", rows, _embeddingSize);
    }

    private protected override void Compute(TensorRef features, TensorRef logits)
    {
        Embeddings = _embeddings.SliceRows(0, features.Rows);
        NormalizedEmbeddings = _normalized.SliceRows(0, features.Rows);
        Backend.Gemm(_projection.Forward(Parameters, features, Embeddings));
        Backend.NormalizeRows(Embeddings, NormalizedEmbeddings, _norms.SliceColumns(0, features.Rows));
        Backend.Gemm(new GemmArgs { A = NormalizedEmbeddings, B = _scaledText, TransposeB = true, C = logits });
    }

    private void ParameterGradients(TensorRef logitsGradient, bool accumulate)
    {
        TensorRef textGradient = Gradients.Slot(_text);
        if (!textGradient.IsNone)
        {
            Backend.Gemm(new GemmArgs { A = logitsGradient, TransposeA = true, B = NormalizedEmbeddings, C = _scaledTextGradient });
            if (!accumulate)
            {
                Backend.Fill(textGradient, 0);
            }

            Backend.Axpy(_factor, _scaledTextGradient, textGradient);
        }

        TensorRef scaleGradient = Gradients.Slot(_scale);
        if (!scaleGradient.IsNone)
        {
            // d logits / d logit_scale = logits.
            TensorRef logits = Logits;
            Backend.MultiDot(new MultiDotArgs
            {
                Gradient = logitsGradient,
                Experts = new ReadOnlySpan<TensorRef>(in logits),
                Result = scaleGradient,
                Accumulate = accumulate,
            });
        }
    }
}
