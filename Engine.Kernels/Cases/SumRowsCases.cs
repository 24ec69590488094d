using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Column sums.</summary>
internal static class SumRowsCases
{
    public static IEnumerable<OpCase> All() =>
    [
        .. from shape in new Shape[] { new(1, 1), new(1, 33), new(50, 1), new(50, 33), new(7, 16), new(257, 130) }
           from accumulate in Choices.OffOn
           from gap in Choices.Gaps
           select Sum(shape, accumulate, gap),
        Sum(new Shape(1600, 3072), accumulate: false, gap: 0, large: true),
    ];

    public static OpCase Sum(Shape shape, bool accumulate, int gap, bool large = false) => new()
    {
        Op = "SumRows",
        Name = $"{shape}{(accumulate ? " accumulate" : "")}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands = [Input("x", shape, gap: gap), Result("sums", new Shape(shape.Columns), accumulate)],
        Call = (backend, t) => backend.SumRows(t["x"], t["sums"], accumulate),
        Flops = shape.ElementCount,
        Unaligned = gap > 0,
        IsLarge = large,
    };
}
