namespace Engine.Models;

/// <summary>What a forward pass keeps.</summary>
public enum ForwardMode
{
    /// <summary>Only the result: every block overwrites the residual stream, and all share one set of other activations.</summary>
    Inference,

    /// <summary>Everything that the backward pass needs, and every block's output.</summary>
    Training,
}
