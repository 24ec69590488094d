namespace Engine.Kernels.Cases;

/// <summary>An operand of the forward pass, and the operand that receives or holds its gradient.</summary>
/// <param name="Operand">For example "x".</param>
/// <param name="Gradient">For example "dx".</param>
public sealed record GradientPair(string Operand, string Gradient);
