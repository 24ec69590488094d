using System;
using System.Collections.Generic;

namespace Engine.Bench;

/// <summary>An op and the ways to compute it.</summary>
/// <param name="Name">As kernels are named, for example "layer_norm".</param>
/// <param name="Formula">What it computes, one line.</param>
/// <param name="Variants">The variants on operands of a size, the plainest first; the same ones for every size.</param>
internal sealed record KernelOp(string Name, string Formula, Func<KernelSizes, IReadOnlyList<KernelVariant>> Variants)
{
    /// <summary>Whether m, n and k can be chosen one by one.</summary>
    public bool IsProduct { get; init; }
}
