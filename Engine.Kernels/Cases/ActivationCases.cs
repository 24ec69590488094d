using System;
using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Element-wise ops.</summary>
internal static class ActivationCases
{
    /// <summary>All activations, the identity included.</summary>
    public static readonly Activation[] Functions =
        [Activation.None, Activation.GeluErf, Activation.GeluTanh, Activation.QuickGelu];

    private static readonly Shape[] Shapes = [new(1), new(17), new(3, 16), new(5, 1), new(7, 37)];

    private static readonly float[] Factors = [0.5f, -1, 0];

    /// <summary>Where an activation is zero, steep, linear, saturated, or its exponential under- or overflows.</summary>
    private static readonly OperandFill Extremes =
        Fills.Cycle(0, -0.0, 1e-30, -1e-30, 0.5, -0.5, 1, -1, 3, -3, 6, -6, 10, -10, 30, -30, 100, -100, 1e4, -1e4);

    public static IEnumerable<OpCase> All() =>
    [
        .. from function in Functions
           from shape in Shapes
           from alias in Choices.OffOn
           select Forward(function, shape, null, alias, unaligned: shape.Rank == 1),
        .. from function in Functions select Forward(function, new Shape(3, 20), Extremes, inPlace: false, unaligned: false),
        .. from function in Functions
           from shape in Shapes
           from alias in Choices.OffOn
           select Backward(function, shape, null, alias),
        .. from function in Functions select Backward(function, new Shape(3, 20), Extremes, inPlace: false),
        .. from shape in Shapes from alpha in Factors select Axpy(alpha, shape),
        Forward(Activation.GeluErf, ViTHidden, null, inPlace: false, unaligned: false, large: true),
        Forward(Activation.GeluTanh, ViTHidden, null, inPlace: false, unaligned: false, large: true),
        Forward(Activation.QuickGelu, ViTHidden, null, inPlace: false, unaligned: false, large: true),
        Backward(Activation.QuickGelu, ViTHidden, null, inPlace: false, large: true),
        Axpy(0.5f, ViTHidden, large: true),
    ];

    /// <summary>Batch 32 of 50 tokens in the MLP of ViT-B/32.</summary>
    private static Shape ViTHidden => new(1600, 3072);

    public static OpCase Forward(
        Activation function, Shape shape, OperandFill? fill, bool inPlace, bool unaligned, bool large = false) => new()
    {
        Op = "Activate",
        Name = $"{function} {shape}{(fill is null ? "" : " extremes")}{(inPlace ? " in place" : "")}",
        Operands = inPlace
            ? [Updated("x", shape, fill ?? Fills.Normal(3))]
            : [Input("x", shape, fill ?? Fills.Normal(3)), Output("y", shape)],
        Call = (backend, t) => backend.Activate(function, t["x"], inPlace ? t["x"] : t["y"]),
        Flops = shape.ElementCount,
        Unaligned = unaligned,
        IsLarge = large,
    };

    public static OpCase Backward(Activation function, Shape shape, OperandFill? fill, bool inPlace, bool large = false) => new()
    {
        Op = "ActivateBackward",
        Name = $"{function} {shape}{(fill is null ? "" : " extremes")}{(inPlace ? " in place" : "")}",
        Operands =
        [
            Input("x", shape, fill ?? Fills.Normal(2)),
            .. inPlace
                ? new[] { Updated("dy", shape) }
                : [Input("dy", shape), Output("dx", shape), ForwardOutput("y", shape)],
        ],
        Forward = inPlace ? null : (backend, t) => backend.Activate(function, t["x"], t["y"]),
        Call = (backend, t) => backend.ActivateBackward(function, t["x"], t["dy"], inPlace ? t["dy"] : t["dx"]),
        OutputGradient = inPlace ? null : new GradientPair("y", "dy"),

        // At the extremes a step of the finite difference is lost in the rounding of x.
        InputGradients = inPlace || fill is not null ? [] : [new GradientPair("x", "dx")],
        Flops = shape.ElementCount,
        IsLarge = large,
    };

    public static OpCase Axpy(float alpha, Shape shape, bool large = false) => new()
    {
        Op = "Axpy",
        Name = FormattableString.Invariant($"{alpha} {shape}"),
        Operands = [Input("x", shape), Updated("y", shape)],
        Call = (backend, t) => backend.Axpy(alpha, t["x"], t["y"]),
        Flops = 2.0 * shape.ElementCount,
        Unaligned = shape.Columns == 37,
        IsLarge = large,
    };
}
