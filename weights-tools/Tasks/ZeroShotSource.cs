using System;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Where a zero-shot head comes from; only for CLIP, whose checkpoints hold none.</summary>
internal sealed record ZeroShotSource
{
    private const string ProjectionName = "visual_projection.weight";

    /// <summary>Safetensors file with logit_scale and the text embeddings; also with visual_projection.weight if the checkpoint has
    /// none.</summary>
    public string? File { get; init; }

    /// <summary>Name of the text embeddings [classes, D], unit rows.</summary>
    public string TextEmbeds { get; init; } = "text_embeds";

    /// <summary>The same with the path changed.</summary>
    public ZeroShotSource WithPath(Func<string, string> change) => this with { File = File is null ? null : change(File) };

    /// <summary>Loads the head.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="checkpoint">Its own projection, if it has one, comes first.</param>
    /// <exception cref="DataException">A tensor is missing or has another shape.</exception>
    public ZeroShotHead Load(IBackend backend, Checkpoint checkpoint)
    {
        using SafetensorsFile text = SafetensorsFile.Open(File!);
        if (checkpoint.Contains(ProjectionName))
        {
            return ModelLoader.LoadZeroShotHead(backend, checkpoint, text, TextEmbeds);
        }

        using Checkpoint projection = Checkpoint.Open(File!);
        return ModelLoader.LoadZeroShotHead(backend, projection, text, TextEmbeds);
    }
}
