namespace Engine.Models;

/// <summary>What a forward pass keeps.</summary>
public enum ForwardMode
{
    /// <summary>Only the result: all blocks share one set of activations.</summary>
    Inference,

    /// <summary>Everything that the backward pass needs, and every block's output.</summary>
    Training,
}
