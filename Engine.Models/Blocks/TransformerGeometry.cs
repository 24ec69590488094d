using Engine.Kernels;

namespace Engine.Models;

/// <summary>Sizes and options that all blocks of a transformer share.</summary>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Width">C, size of the residual stream.</param>
/// <param name="Heads">H, attention heads; divides C.</param>
/// <param name="Hidden">F, hidden size of the MLP.</param>
/// <param name="Activation">The MLP's non-linearity.</param>
/// <param name="Epsilon">Of every layer norm.</param>
/// <param name="Causal">Tokens see only earlier tokens (GPT-2).</param>
public sealed record TransformerGeometry(
    int Layers, int Width, int Heads, int Hidden, Activation Activation, float Epsilon, bool Causal);
