namespace Engine.Models;

/// <summary>How long the gradients of a backward pass stay.</summary>
public enum GradientLifetime
{
    /// <summary>Until the next backward pass.</summary>
    Pass,

    /// <summary>Until the next block's gradients are computed: all blocks share one block's memory, and
    /// <see cref="Backbone.GradientsReady"/> is the time to use them.</summary>
    Block,
}
