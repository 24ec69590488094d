namespace Engine.Models;

/// <summary>Which tokens a backbone's features come from.</summary>
public enum FeaturePooling
{
    /// <summary>The class token, one row per sample (ViT, CLIP).</summary>
    FirstToken,

    /// <summary>The last token that is not padding, one row per sample (GPT-2 for classification).</summary>
    LastToken,

    /// <summary>Every token, T rows per sample (language model).</summary>
    AllTokens,
}
