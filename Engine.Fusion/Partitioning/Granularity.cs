namespace Engine.Fusion;

/// <summary>How finely the parameters are routed.</summary>
public enum Granularity
{
    /// <summary>One router per sub-layer, as in the paper.</summary>
    Module,

    /// <summary>One router per parameter tensor.</summary>
    Tensor,

    /// <summary>One router per tensor with routing weights of its own for every output channel.</summary>
    Row,
}
