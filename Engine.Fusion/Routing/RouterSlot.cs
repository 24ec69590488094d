namespace Engine.Fusion;

/// <summary>The place of one group's router in a <see cref="RouterBlock"/>.</summary>
/// <param name="Group">The group's name, for example a module's path.</param>
/// <param name="Router">Its router.</param>
/// <param name="ParameterOffset">Where its parameters start in the block's parameters; gradients alike.</param>
/// <param name="RoutingOffset">Where its λ starts in the block's routing weights; their gradients alike.</param>
public sealed record RouterSlot(string Group, Router Router, int ParameterOffset, int RoutingOffset);
