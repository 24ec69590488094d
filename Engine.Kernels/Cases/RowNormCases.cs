using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Rows of length one.</summary>
internal static class RowNormCases
{
    private static readonly Shape[] Shapes = [new(1, 1), new(5, 1), new(1, 17), new(7, 33), new(4, 16), new(6, 512)];

    public static IEnumerable<OpCase> All() =>
    [
        .. from shape in Shapes
           from inPlace in Choices.OffOn
           from zeros in Choices.OffOn
           select Forward(shape, inPlace, zeros),
        .. from shape in Shapes
           from inPlace in Choices.OffOn
           from zeros in Choices.OffOn
           select Backward(shape, inPlace, zeros),
        Forward(new Shape(1600, 512), inPlace: false, zeros: false, large: true),
        Backward(new Shape(1600, 512), inPlace: false, zeros: false, large: true),
    ];

    private static OperandFill Values(bool zeros) => zeros ? Fills.WithZeroRows(Fills.Normal()) : Fills.Normal();

    private static string Describe(Shape shape, bool inPlace, bool zeros) =>
        $"{shape}{(zeros ? " zero rows gaps" : "")}{(inPlace ? " in place" : "")}";

    public static OpCase Forward(Shape shape, bool inPlace, bool zeros, bool large = false)
    {
        int gap = zeros ? 3 : 0;
        return new OpCase
        {
            Op = "NormalizeRows",
            Name = Describe(shape, inPlace, zeros),
            Operands =
            [
                .. inPlace
                    ? new[] { Updated("x", shape, Values(zeros), gap) }
                    : [Input("x", shape, Values(zeros), gap), Output("y", shape, gap)],
                Output("norms", new Shape(shape.Rows)),
            ],
            Call = (backend, t) => backend.NormalizeRows(t["x"], inPlace ? t["x"] : t["y"], t["norms"]),
            Flops = 3.0 * shape.ElementCount,
            IsLarge = large,
        };
    }

    public static OpCase Backward(Shape shape, bool inPlace, bool zeros, bool large = false)
    {
        int gap = zeros ? 3 : 0;
        return new OpCase
        {
            Op = "NormalizeRowsBackward",
            Name = Describe(shape, inPlace, zeros),
            Operands =
            [
                ForwardInput("x", shape, Values(zeros)), Kept("y", shape, gap), Kept("norms", new Shape(shape.Rows)),
                .. inPlace ? new[] { Updated("dy", shape, gap: gap) } : [Input("dy", shape, gap: gap), Output("dx", shape, gap)],
            ],
            Forward = (backend, t) => backend.NormalizeRows(t["x"], t["y"], t["norms"]),
            Call = (backend, t) => backend.NormalizeRowsBackward(t["dy"], t["y"], t["norms"], inPlace ? t["dy"] : t["dx"]),
            OutputGradient = new GradientPair("y", "dy"),

            // At a row of zeros the function has a kink.
            InputGradients = inPlace || zeros ? [] : [new GradientPair("x", "dx")],
            Flops = 5.0 * shape.ElementCount,
            Unaligned = zeros,
            IsLarge = large,
        };
    }
}
