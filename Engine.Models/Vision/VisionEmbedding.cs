using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>From pixels to the residual stream: patch projection (a convolution whose stride is its kernel, so a product over
/// extracted patches), class token, positions, optional norm. P patches of E numbers, T = P + 1 tokens.</summary>
internal sealed class VisionEmbedding
{
    private readonly VisionInput _input;
    private readonly Linear _projection;
    private readonly LayerNorm? _preNorm;
    private readonly int _width;
    private readonly int _classToken;
    private readonly int _positions;

    private TensorRef _pixels;
    private TensorRef _patches;
    private TensorRef _projected;
    private TensorRef _assembled;
    private TensorRef _embedded;
    private TensorRef _mean;
    private TensorRef _reciprocalDeviation;

    private VisionEmbedding(VisionInput input, int width, Linear projection, int classToken, int positions, LayerNorm? preNorm)
    {
        _input = input;
        _width = width;
        _projection = projection;
        _classToken = classToken;
        _positions = positions;
        _preNorm = preNorm;
    }

    /// <summary>dL/dpixels [B, channels, size, size], if it was declared.</summary>
    public TensorRef PixelGradient { get; private set; }

    public static VisionEmbedding Create(LayoutBuilder builder, TransformerGeometry geometry, VisionInput input, VisionNames names)
    {
        const ModuleKind Kind = ModuleKind.Embedding;
        string Module(string name) => name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^7] : name;
        int classToken = builder.Parameter(names.ClassToken, names.ClassTokenShape, names.ClassToken, Kind);
        int weight = builder.Weight(
            $"{names.PatchProjection}.weight",
            new Shape(geometry.Width, input.Channels, input.PatchSize, input.PatchSize),
            names.PatchProjection,
            Kind,
            ChannelAxis.Row);
        int bias = names.PatchBias ? builder.Vector($"{names.PatchProjection}.bias", geometry.Width, names.PatchProjection, Kind) : -1;
        int positions = builder.Parameter(names.Positions, names.PositionsShape, Module(names.Positions), Kind, ChannelAxis.Row);
        LayerNorm? preNorm = names.PreNorm is null ? null : builder.Norm(names.PreNorm);
        Linear projection = new(weight, bias, input.PatchElements, geometry.Width);
        return new VisionEmbedding(input, geometry.Width, projection, classToken, positions, preNorm);
    }

    /// <summary>Adds the result and, if <paramref name="backward"/>, what the backward pass needs.</summary>
    public void Declare(ActivationPlan plan, int batch, bool backward, bool pixelGradient)
    {
        bool keepNorm = backward && _preNorm is not null;
        int rows = batch * _input.Tokens;
        _embedded = plan.Add("embedded", rows, _width);
        _mean = keepNorm ? plan.Add("embedded.mean", rows) : default;
        _reciprocalDeviation = keepNorm ? plan.Add("embedded.rstd", rows) : default;
        PixelGradient = backward && pixelGradient
            ? plan.Add("gradient.pixels", batch, _input.Channels, _input.ImageSize, _input.ImageSize)
            : default;
        if (backward)
        {
            DeclareSteps(plan, batch);
        }
    }

    /// <summary>Adds what is needed until there is a result.</summary>
    public void DeclareInput(ActivationPlan plan, int batch, bool backward)
    {
        _pixels = plan.Add("pixels", batch, _input.Channels, _input.ImageSize, _input.ImageSize);
        if (!backward)
        {
            DeclareSteps(plan, batch);
        }
    }

    public TensorRef Forward(IBackend backend, ParameterSet parameters, Batch batch)
    {
        backend.Upload<float>(batch.PixelValues.AsSpan(0, (int)_pixels.ElementCount), _pixels);
        backend.ExtractPatches(_pixels, _input.PatchSize, _patches);
        backend.Gemm(_projection.Forward(parameters, _patches, _projected));
        backend.AssembleTokens(_projected, ClassToken(parameters), Positions(parameters), _assembled);
        _preNorm?.Forward(backend, parameters, _assembled, _embedded, _mean, _reciprocalDeviation);
        return _embedded;
    }

    public bool IsWanted(ParameterSet gradients) =>
        _projection.IsWanted(gradients)
        || !gradients.Slot(_classToken).IsNone
        || !gradients.Slot(_positions).IsNone
        || (_preNorm is not null && _preNorm.IsWanted(gradients));

    public void Backward(in BackwardPass pass, bool pixelGradient)
    {
        TensorRef stream = pass.Scratch.Stream;
        if (_preNorm is not null)
        {
            pass.Backend.LayerNormBackward(
                _preNorm.Backward(pass.Parameters, pass.Gradients, stream, _assembled, _mean, _reciprocalDeviation, pass.Accumulate) with
                {
                    InputGradient = stream,
                });
        }

        // Patches and their projections are not needed beside their gradients, which take their places.
        pass.Backend.AssembleTokensBackward(
            stream, _projected, ClassToken(pass.Gradients), Positions(pass.Gradients), pass.Accumulate);
        _projection.WeightGradient(pass.Backend, pass.Gradients, _patches, _projected, pass.Accumulate);
        if (pixelGradient)
        {
            pass.Backend.Gemm(_projection.InputGradient(pass.Parameters, _projected, _patches));
            pass.Backend.FoldPatches(_patches, _input.PatchSize, PixelGradient);
        }
    }

    private void DeclareSteps(ActivationPlan plan, int batch)
    {
        int patchRows = batch * _input.Patches;
        _patches = plan.Add("patches", patchRows, _input.PatchElements);
        _projected = plan.Add("patches.projected", patchRows, _width);
        _assembled = _preNorm is null ? _embedded : plan.Add("assembled", batch * _input.Tokens, _width);
    }

    private TensorRef ClassToken(ParameterSet set)
    {
        TensorRef token = set.Slot(_classToken);
        return token.IsNone ? token : token.Reshape(new Shape(_width));
    }

    private TensorRef Positions(ParameterSet set)
    {
        TensorRef positions = set.Slot(_positions);
        return positions.IsNone ? positions : positions.Reshape(new Shape(_input.Tokens, _width));
    }
}
