using Engine.Kernels;

namespace Engine.Models;

/// <summary>Where the two vision transformers differ in names and shapes.</summary>
internal sealed record VisionNames
{
    public required string ClassToken { get; init; }

    public required Shape ClassTokenShape { get; init; }

    public required string Positions { get; init; }

    public required Shape PositionsShape { get; init; }

    public required string PatchProjection { get; init; }

    public required bool PatchBias { get; init; }

    /// <summary>Norm between embeddings and blocks; null for none.</summary>
    public required string? PreNorm { get; init; }

    public required string FinalNorm { get; init; }

    /// <summary>"encoder.layer" or "vision_model.encoder.layers".</summary>
    public required string Layers { get; init; }

    public required string Norm1 { get; init; }

    public required string Norm2 { get; init; }

    public required string AttentionModule { get; init; }

    public required string Query { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string Projection { get; init; }

    public required string MlpModule { get; init; }

    public required string Expand { get; init; }

    public required string Contract { get; init; }

    /// <summary>Hugging Face's ViTModel (without the "vit." prefix).</summary>
    public static VisionNames ViT(int width, int tokens) => new()
    {
        ClassToken = "embeddings.cls_token",
        ClassTokenShape = new Shape(1, 1, width),
        Positions = "embeddings.position_embeddings",
        PositionsShape = new Shape(1, tokens, width),
        PatchProjection = "embeddings.patch_embeddings.projection",
        PatchBias = true,
        PreNorm = null,
        FinalNorm = "layernorm",
        Layers = "encoder.layer",
        Norm1 = "layernorm_before",
        Norm2 = "layernorm_after",
        AttentionModule = "attention",
        Query = "attention.attention.query",
        Key = "attention.attention.key",
        Value = "attention.attention.value",
        Projection = "attention.output.dense",
        MlpModule = "mlp",
        Expand = "intermediate.dense",
        Contract = "output.dense",
    };

    /// <summary>Hugging Face's CLIPVisionModel.</summary>
    public static VisionNames Clip(int width, int tokens) => new()
    {
        ClassToken = "vision_model.embeddings.class_embedding",
        ClassTokenShape = new Shape(width),
        Positions = "vision_model.embeddings.position_embedding.weight",
        PositionsShape = new Shape(tokens, width),
        PatchProjection = "vision_model.embeddings.patch_embedding",
        PatchBias = false,
        PreNorm = "vision_model.pre_layrnorm",
        FinalNorm = "vision_model.post_layernorm",
        Layers = "vision_model.encoder.layers",
        Norm1 = "layer_norm1",
        Norm2 = "layer_norm2",
        AttentionModule = "self_attn",
        Query = "self_attn.q_proj",
        Key = "self_attn.k_proj",
        Value = "self_attn.v_proj",
        Projection = "self_attn.out_proj",
        MlpModule = "mlp",
        Expand = "mlp.fc1",
        Contract = "mlp.fc2",
    };
}
