namespace Engine.Models;

/// <summary>How much of a block's forward pass its backward pass needs.</summary>
internal enum KeptActivations
{
    /// <summary>Nothing: no gradient passes through the block.</summary>
    None,

    /// <summary>What lies above attention: the gradient stops in the MLP or at its norm.</summary>
    Mlp,

    /// <summary>Everything.</summary>
    All,
}
