using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Moving and converting data.</summary>
internal static class TransferCases
{
    private static readonly DType[] Types = [DType.F32, DType.F64, DType.F16, DType.BF16];

    /// <summary>Exact values, ties of both narrow types in both directions, subnormal numbers, overflow, and the infinities.</summary>
    private static readonly OperandFill Edges = Fills.Cycle(
        0, -0.0, 1, -2.5, 1 + Power(-11), 1 + (3 * Power(-11)), 1 + Power(-8), 1 + (3 * Power(-8)), 65504, 65519, 65520, -70000,
        Power(-24), Power(-25), 3 * Power(-25), 1e-40, -1e-40, float.Epsilon, 3.4e38, 1e-8, double.PositiveInfinity,
        double.NegativeInfinity, 0.1, 1.0 / 3);

    public static IEnumerable<OpCase> All() =>
    [
        .. from source in Types
           from destination in Types
           from shape in new Shape[] { new(1, 1), new(3, 37), new(5, 16) }
           from gap in Choices.Gaps
           select Copy(shape, source, destination, gap, null, ""),
        .. from source in Types from destination in Types select Copy(new Shape(3, 1500), source, destination, 0, null, ""),
        .. from source in Types from destination in Types select Copy(new Shape(3, 40), source, destination, 0, Edges, " edges"),
        .. from shape in new Shape[] { new(1, 1), new(7, 33), new(17) } from gap in Choices.Gaps select Fill(shape, gap),
        .. from gap in Choices.Gaps select RoundTrip(new Shape(7, 19), gap),
        Fill(new Shape(3072, 768), gap: 0, large: true),
        RoundTrip(new Shape(3072, 768), gap: 0, large: true),
        Copy(new Shape(3072, 768), DType.F32, DType.F32, 0, null, "", large: true),
        Copy(new Shape(3072, 768), DType.BF16, DType.F32, 0, null, "", large: true),
        Copy(new Shape(3072, 768), DType.F16, DType.F32, 0, null, "", large: true),
        Copy(new Shape(3072, 768), DType.F32, DType.BF16, 0, null, "", large: true),
        Copy(new Shape(3072, 768), DType.F32, DType.F16, 0, null, "", large: true),
    ];

    private static double Power(int exponent) => Math.ScaleB(1, exponent);

    public static OpCase Copy(
        Shape shape, DType source, DType destination, int gap, OperandFill? fill, string label, bool large = false) => new()
    {
        Op = "Copy",
        Name = $"{source} to {destination} {shape}{label}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands = [StoredInput("x", shape, source, fill, gap), Output("y", shape, gap > 0 ? gap + 1 : 0) with { Stored = destination }],
        Call = (backend, t) => backend.Copy(t["x"], t["y"]),
        Unaligned = gap > 0,
        IsLarge = large,
    };

    public static OpCase Fill(Shape shape, int gap, bool large = false) => new()
    {
        Op = "Fill",
        Name = $"{shape}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands = [Output("x", shape, gap)],
        Call = (backend, t) => backend.Fill(t["x"], 0.1f),
        Unaligned = gap > 0,
        IsLarge = large,
    };

    /// <summary>Downloads a tensor with gaps as float and as double, and uploads both.</summary>
    private static OpCase RoundTrip(Shape shape, int gap, bool large = false) => new()
    {
        Op = "Download",
        Name = $"and upload {shape}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands = [Input("x", shape, gap: gap), Output("single", shape), Output("double", shape)],
        Call = (backend, t) =>
        {
            int count = checked((int)shape.ElementCount);

            // Rented, so that measuring the speed does not measure the garbage collector.
            float[] singles = ArrayPool<float>.Shared.Rent(count);
            double[] doubles = ArrayPool<double>.Shared.Rent(count);
            backend.Download(t["x"], singles.AsSpan(0, count));
            backend.Download(t["x"], doubles.AsSpan(0, count));
            backend.Upload<float>(singles.AsSpan(0, count), t["single"]);
            backend.Upload<double>(doubles.AsSpan(0, count), t["double"]);
            ArrayPool<float>.Shared.Return(singles);
            ArrayPool<double>.Shared.Return(doubles);
        },

        // Twice 4 + 4 as float, twice 4 + 8 as double.
        Bytes = 40L * shape.ElementCount,
        Unaligned = gap > 0,
        IsLarge = large,
    };
}
