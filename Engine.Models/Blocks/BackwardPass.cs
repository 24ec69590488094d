using Engine.Kernels;

namespace Engine.Models;

/// <summary>What every step of a backward pass needs.</summary>
/// <param name="Backend">Computes.</param>
/// <param name="Parameters">The backbone's parameters.</param>
/// <param name="Gradients">The gradients that are asked for.</param>
/// <param name="Scratch">Memory that all blocks share.</param>
/// <param name="Accumulate">Add to the gradients instead of overwriting them.</param>
internal readonly record struct BackwardPass(
    IBackend Backend, ParameterSet Parameters, ParameterSet Gradients, BlockScratch Scratch, bool Accumulate);
