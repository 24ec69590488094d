namespace Engine.Kernels.Host;

/// <summary>What a routing weight applies to.</summary>
internal enum RoutingLayout
{
    /// <summary>One weight per expert.</summary>
    Uniform,

    /// <summary>One per expert and row.</summary>
    Row,

    /// <summary>One per expert and column.</summary>
    Column,
}
