using System;
using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Parameter updates.</summary>
internal static class OptimizerCases
{
    private static readonly float[] Decays = [0, 0.01f];

    private static readonly int[] Steps = [1, 100];

    public static IEnumerable<OpCase> All() =>
    [
        .. from shape in new Shape[] { new(1), new(17), new(5, 33), new(1000) }
           from decay in Decays
           from step in Steps
           select AdamW(shape, decay, step),
        AdamW(new Shape(50), decay: 0.1f, step: 7, beta1: 0.8, beta2: 0.95),
        AdamW(new Shape(3072, 768), decay: 0.01f, step: 100, large: true),
    ];

    public static OpCase AdamW(Shape shape, float decay, int step, double beta1 = 0.9, double beta2 = 0.999, bool large = false)
    {
        // Before the first step the moments are zero, and the gradient's sign alone decides.
        OperandFill first = step == 1 ? Fills.Constant(0) : Fills.Normal(0.1);
        OperandFill second = step == 1 ? Fills.Constant(0) : Fills.Uniform(1e-4, 0.1);
        return new OpCase
        {
            Op = "AdamW",
            Name = FormattableString.Invariant($"{shape} decay {decay} step {step} betas {beta1} {beta2}"),
            Operands =
            [
                Updated("parameters", shape), Input("gradient", shape), Updated("firstMoment", shape, first),
                Updated("secondMoment", shape, second),
            ],
            Call = (backend, t) => backend.AdamW(new AdamWArgs
            {
                Parameters = t["parameters"],
                Gradient = t["gradient"],
                FirstMoment = t["firstMoment"],
                SecondMoment = t["secondMoment"],
                LearningRate = 0.01f,
                Beta1 = beta1,
                Beta2 = beta2,
                WeightDecay = decay,
                Step = step,
            }),
            Flops = 14.0 * shape.ElementCount,
            Unaligned = shape.Columns % 2 == 1,
            IsLarge = large,
        };
    }
}
