using System.Collections.Generic;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>Variants that many ops have.</summary>
internal static class KernelVariants
{
    /// <summary>The twins of a kernel with reductions.</summary>
    public static IReadOnlyList<KernelVariant> Twins(OpCase opCase) =>
    [
        new("shuffles", "warps exchange registers", opCase) { RunsOn = static traits => traits.HasShuffles },
        new("shared memory", "for devices without shuffles", opCase) { Pretend = static traits => traits with { HasShuffles = false } },
    ];

    /// <summary>Aligned operands, and operands that begin one element beside a boundary.</summary>
    public static IReadOnlyList<KernelVariant> Alignments(OpCase opCase) =>
    [
        new("aligned", "16 bytes per load where the kernel can", opCase),
        new("unaligned", "operands one element beside a boundary", opCase with { Unaligned = true }),
    ];
}
