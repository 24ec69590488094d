namespace Engine.Models;

/// <summary>What kind of sub-layer a parameter belongs to.</summary>
public enum ModuleKind
{
    /// <summary>Token, patch and position embeddings.</summary>
    Embedding,

    /// <summary>A layer norm.</summary>
    Norm,

    /// <summary>Query, key, value and output projections of one block.</summary>
    Attention,

    /// <summary>The two linear layers of one block's MLP.</summary>
    Mlp,
}
