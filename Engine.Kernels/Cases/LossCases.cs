using System;
using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Losses and the largest entry.</summary>
internal static class LossCases
{
    private const float Scale = 0.125f;

    private static readonly Shape[] Shapes = [new(1, 1), new(1, 10), new(7, 2), new(5, 17), new(4, 16), new(13, 100), new(2, 1031)];

    private static readonly int[] Lengths = [1, 16, 37];

    /// <summary>What happens to the gradient of the logits or predictions.</summary>
    internal enum Gradient
    {
        None,
        Separate,
        InPlace,
    }

    public static IEnumerable<OpCase> All() =>
    [
        .. from shape in Shapes
           from gradient in Enum.GetValues<Gradient>()
           from gap in Choices.Gaps
           from ignored in Choices.OffOn
           select CrossEntropy(
               shape,
               gradient,
               gap,
               ignored ? Fills.Labels(shape.Columns) : Fills.Below(shape.Columns),
               ignored ? " some ignored" : ""),
        .. from gradient in Enum.GetValues<Gradient>()
           select CrossEntropy(new Shape(4, 9), gradient, 0, Fills.Constant(CrossEntropyArgs.IgnoreLabel), " all ignored"),
        CrossEntropy(new Shape(6, 21), Gradient.Separate, 0, Fills.Below(21), " large logits", Fills.Normal(200)),
        .. from count in Lengths from gradient in Enum.GetValues<Gradient>() select SquaredError(count, gradient),
        SquaredError(4096, Gradient.InPlace, large: true),
        .. from shape in Shapes from gap in Choices.Gaps select ArgMax(shape, gap, null, ""),
        .. from shape in Shapes select ArgMax(shape, 0, Fills.Below(3), " ties"),
        ArgMax(new Shape(3, 40), 0, Fills.Constant(-7), " constant"),
        ArgMax(new Shape(3, 40), 0, (_, _, column) => column, " last"),
        CrossEntropy(new Shape(256, 50257), Gradient.InPlace, 0, Fills.Below(50257), "", large: true),
        ArgMax(new Shape(256, 50257), 0, null, "", large: true),
    ];

    public static OpCase CrossEntropy(
        Shape shape, Gradient gradient, int gap, OperandFill labels, string label, OperandFill? logits = null, bool large = false)
    {
        Shape rows = new(shape.Rows);
        bool linked = gradient == Gradient.Separate;
        return new OpCase
        {
            Op = "CrossEntropy",
            Name = $"{shape}{label}{Describe(gradient)}{(gap > 0 ? " gaps unaligned" : "")}",
            Operands =
            [
                gradient == Gradient.InPlace
                    ? Updated("logits", shape, logits ?? Fills.Normal(3), gap)
                    : Input("logits", shape, logits ?? Fills.Normal(3), gap),
                Integers("labels", rows, labels), Output("losses", rows),
                .. linked
                    ? new[] { Output("dlogits", shape, gap > 0 ? gap + 1 : 0), ForwardInput("dlosses", rows, Fills.Constant(Scale)) }
                    : [],
            ],
            Forward = linked ? (backend, t) => backend.CrossEntropy(Args(t, default)) : null,
            Call = (backend, t) => backend.CrossEntropy(
                Args(t, gradient == Gradient.InPlace ? t["logits"] : t.Optional("dlogits"))),
            OutputGradient = linked ? new GradientPair("losses", "dlosses") : null,
            InputGradients = linked && shape.Columns > 1 ? [new GradientPair("logits", "dlogits")] : [],
            Flops = 5.0 * shape.ElementCount,
            Unaligned = gap > 0,
            IsLarge = large,
        };
    }

    private static CrossEntropyArgs Args(CaseOperands t, TensorRef gradient) => new()
    {
        Logits = t["logits"],
        Labels = t["labels"],
        Losses = t["losses"],
        Gradient = gradient,
        GradientScale = Scale,
    };

    public static OpCase SquaredError(int count, Gradient gradient, bool large = false)
    {
        Shape rows = new(count);
        bool linked = gradient == Gradient.Separate;
        return new OpCase
        {
            Op = "SquaredError",
            Name = $"{rows}{Describe(gradient)}",
            Operands =
            [
                gradient == Gradient.InPlace ? Updated("predictions", rows) : Input("predictions", rows), Input("targets", rows),
                Output("losses", rows),
                .. linked ? new[] { Output("dpredictions", rows), ForwardInput("dlosses", rows, Fills.Constant(Scale)) } : [],
            ],
            Forward = linked ? (backend, t) => backend.SquaredError(t["predictions"], t["targets"], t["losses"], default, Scale) : null,
            Call = (backend, t) => backend.SquaredError(
                t["predictions"],
                t["targets"],
                t["losses"],
                gradient == Gradient.InPlace ? t["predictions"] : t.Optional("dpredictions"),
                Scale),
            OutputGradient = linked ? new GradientPair("losses", "dlosses") : null,
            InputGradients = linked ? [new GradientPair("predictions", "dpredictions")] : [],
            Flops = 4.0 * count,
            IsLarge = large,
        };
    }

    public static OpCase ArgMax(Shape shape, int gap, OperandFill? fill, string label, bool large = false) => new()
    {
        Op = "ArgMax",
        Name = $"{shape}{label}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands = [Input("x", shape, fill, gap), Output("indices", new Shape(shape.Rows)) with { Stored = DType.I32 }],
        Call = (backend, t) => backend.ArgMax(t["x"], t["indices"]),
        Unaligned = gap > 0,
        IsLarge = large,
    };

    private static string Describe(Gradient gradient) =>
        gradient switch { Gradient.None => "", Gradient.Separate => " gradient", _ => " gradient in place" };
}
