using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>Element by element.</summary>
internal static class ElementOps
{
    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("activate", "y = f(x)", static s =>
        [
            new("gelu erf", "with the error function", Activate(s, Activation.GeluErf)),
            new("gelu tanh", "with the hyperbolic tangent", Activate(s, Activation.GeluTanh)),
            new("quick gelu", "x times the logistic function of 1.702 x", Activate(s, Activation.QuickGelu)),
            new("quick gelu unaligned", "4 bytes per load", Activate(s, Activation.QuickGelu) with { Unaligned = true }),
        ]),
        new("activate_backward", "dx = f'(x) dy", static s => KernelVariants.Alignments(
            ActivationCases.Backward(Activation.QuickGelu, Elements(s), null, inPlace: false))),
        new("axpy", "y = y + alpha x", static s => KernelVariants.Alignments(ActivationCases.Axpy(0.5f, Elements(s)))),
        new("adamw", "one step of AdamW", static s => KernelVariants.Alignments(
            OptimizerCases.AdamW(Elements(s), decay: 0.01f, step: 100))),
        new("copy", "y = x, from one storage format to another", static s =>
        [
            new("f32 to f32", "as it is", Copy(s, DType.F32, DType.F32)),
            new("bf16 to f32", "widened", Copy(s, DType.BF16, DType.F32)),
            new("f16 to f32", "widened", Copy(s, DType.F16, DType.F32)),
            new("f32 to bf16", "rounded to nearest even", Copy(s, DType.F32, DType.BF16)),
            new("f32 to f16", "rounded to nearest even", Copy(s, DType.F32, DType.F16)),
        ]),
        new("fill", "x = a number", static s => KernelVariants.Alignments(TransferCases.Fill(Elements(s), gap: 0))),
    ];

    private static Shape Elements(KernelSizes sizes) => sizes.Rows(64, 768);

    private static OpCase Activate(KernelSizes sizes, Activation function) =>
        ActivationCases.Forward(function, Elements(sizes), null, inPlace: false, unaligned: false);

    private static OpCase Copy(KernelSizes sizes, DType source, DType destination) =>
        TransferCases.Copy(Elements(sizes), source, destination, gap: 0, null, "");
}
