using System;
using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Layer normalisation.</summary>
internal static class LayerNormCases
{
    private const float Epsilon = 1e-5f;

    private static readonly Shape[] Shapes =
        [new(1, 1), new(3, 1), new(1, 17), new(5, 16), new(7, 33), new(2, 31), new(13, 48), new(3, 768)];

    /// <summary>Which gradients the backward pass writes, and how.</summary>
    internal enum Wanted
    {
        All,
        Accumulated,
        InputOnly,
        InputAccumulated,
        ParametersOnly,
        InPlace,
    }

    /// <summary>Batch 32 of 50 tokens of ViT-B/32.</summary>
    private static Shape ViT => new(1600, 768);

    public static IEnumerable<OpCase> All() =>
    [
        .. from shape in Shapes from moments in Choices.OffOn from gap in Choices.Gaps select Forward(shape, moments, gap: gap),
        .. from shape in Shapes select Forward(shape, moments: true, inPlace: true),
        Forward(new Shape(4, 100), moments: true, fill: Fills.Normal(1, 100), label: "far from zero"),
        Forward(new Shape(4, 100), moments: true, fill: Fills.Constant(2.5), label: "constant"),
        Forward(ViT, moments: true, large: true),
        .. from shape in Shapes
           from wanted in Enum.GetValues<Wanted>()
           from gap in Choices.Gaps
           select Backward(shape, wanted, gap),
        Backward(ViT, Wanted.All, gap: 0, large: true),
        Backward(ViT, Wanted.InputAccumulated, gap: 0, large: true),
    ];

    public static OpCase Forward(
        Shape shape,
        bool moments,
        bool inPlace = false,
        int gap = 0,
        OperandFill? fill = null,
        string label = "",
        bool large = false) => new()
    {
        Op = "LayerNorm",
        Name = string.Join(' ', new[]
        {
            shape.ToString(), label, moments ? "moments" : "", inPlace ? "in place" : "", gap > 0 ? "gaps unaligned" : "",
        }.Where(word => word.Length > 0)),
        Operands =
        [
            Input("gamma", new Shape(shape.Columns)), Input("beta", new Shape(shape.Columns)),
            .. inPlace
                ? new[] { Updated("x", shape, fill, gap) }
                : [Input("x", shape, fill, gap), Output("y", shape, gap > 0 ? gap + 1 : 0)],
            .. moments ? new[] { Output("mean", new Shape(shape.Rows)), Output("reciprocalDeviation", new Shape(shape.Rows)) } : [],
        ],
        Call = (backend, t) => backend.LayerNorm(new LayerNormArgs
        {
            X = t["x"],
            Y = inPlace ? t["x"] : t["y"],
            Gamma = t["gamma"],
            Beta = t["beta"],
            Mean = t.Optional("mean"),
            ReciprocalDeviation = t.Optional("reciprocalDeviation"),
            Epsilon = Epsilon,
        }),
        Flops = 8.0 * shape.ElementCount,
        Unaligned = gap > 0,
        IsLarge = large,
    };

    public static OpCase Backward(Shape shape, Wanted wanted, int gap, bool large = false)
    {
        bool input = wanted != Wanted.ParametersOnly;
        bool parameters = wanted is not (Wanted.InputOnly or Wanted.InputAccumulated);
        bool inPlace = wanted == Wanted.InPlace;
        bool accumulateParameters = wanted == Wanted.Accumulated;
        bool accumulateInput = wanted is Wanted.Accumulated or Wanted.InputAccumulated;
        Shape channels = new(shape.Columns);
        return new OpCase
        {
            Op = "LayerNormBackward",
            Name = $"{shape} {wanted}{(gap > 0 ? " gaps unaligned" : "")}",
            Operands =
            [
                Input("x", shape, gap: gap), Input("gamma", channels), ForwardInput("beta", channels), ForwardOutput("y", shape),
                Kept("mean", new Shape(shape.Rows)), Kept("reciprocalDeviation", new Shape(shape.Rows)),
                inPlace ? Updated("dy", shape, gap: gap) : Input("dy", shape, gap: gap),
                .. input && !inPlace ? new[] { Result("dx", shape, accumulateInput, gap > 0 ? gap + 2 : 0) } : [],
                .. parameters
                    ? new[] { Result("dgamma", channels, accumulateParameters), Result("dbeta", channels, accumulateParameters) }
                    : [],
            ],
            Forward = (backend, t) => backend.LayerNorm(new LayerNormArgs
            {
                X = t["x"],
                Y = t["y"],
                Gamma = t["gamma"],
                Beta = t["beta"],
                Mean = t["mean"],
                ReciprocalDeviation = t["reciprocalDeviation"],
                Epsilon = Epsilon,
            }),
            Call = (backend, t) => backend.LayerNormBackward(new LayerNormBackwardArgs
            {
                OutputGradient = t["dy"],
                X = t["x"],
                Gamma = t["gamma"],
                Mean = t["mean"],
                ReciprocalDeviation = t["reciprocalDeviation"],
                InputGradient = inPlace ? t["dy"] : t.Optional("dx"),
                AccumulateInputGradient = accumulateInput,
                GammaGradient = t.Optional("dgamma"),
                BetaGradient = t.Optional("dbeta"),
                AccumulateParameterGradients = accumulateParameters,
            }),
            OutputGradient = new GradientPair("y", "dy"),
            InputGradients =
            [
                .. input && !inPlace ? new[] { new GradientPair("x", "dx") } : [],
                .. parameters ? new[] { new GradientPair("gamma", "dgamma"), new GradientPair("beta", "dbeta") } : [],
            ],
            Flops = ((input ? 10.0 : 0) + (parameters ? 3 : 0)) * shape.ElementCount,
            Unaligned = gap > 0,
            IsLarge = large,
        };
    }
}
