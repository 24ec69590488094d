using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>The options of one merge, from which the weighted sum and the n-way dot that is its gradient follow.</summary>
internal sealed record RoutedVariant
{
    /// <summary>θ0 and the task vectors.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Dtypes of the experts, one each; null for the compute type.</summary>
    public required IReadOnlyList<DType?> Experts { get; init; }

    public bool HasBase { get; init; } = true;

    /// <summary>Dtype of the base; null for the compute type.</summary>
    public DType? BaseType { get; init; }

    public RoutedChannel Channel { get; init; }

    /// <summary>The weighted sum is written over the base; the dot is added to what the result holds.</summary>
    public bool Updates { get; init; }

    public bool Unaligned { get; init; }

    public bool IsLarge { get; init; }

    private Shape Routing => Channel switch
    {
        RoutedChannel.All => new Shape(Experts.Count),
        RoutedChannel.Row => new Shape(Shape.Rows, Experts.Count),
        _ => new Shape(Shape.Columns, Experts.Count),
    };

    private string Name =>
        $"{Shape} n={Experts.Count} {TypeNames()} {(HasBase ? $"base {BaseType?.ToString() ?? "compute"}" : "no base")} "
        + $"weights {Routing}{(Channel == RoutedChannel.Column ? " by column" : "")}{(Unaligned ? " unaligned" : "")}";

    public OpCase ToWeightedSum() => new()
    {
        Op = "WeightedSum",
        Name = Name + (Updates ? " in place" : ""),
        Operands =
        [
            .. Updates ? new[] { Updated("base", Shape) } : HasBase ? [BaseOperand()] : [],
            .. ExpertOperands(), Input("weights", Routing, Fills.Uniform(-0.5, 1)), .. Updates ? [] : new[] { Output("out", Shape) },
        ],
        Call = (backend, t) => Sum(backend, t, Updates ? "base" : "out"),
        Flops = 3.0 * Experts.Count * Shape.ElementCount,
        Unaligned = Unaligned,
        IsLarge = IsLarge,
    };

    public OpCase ToMultiDot() => new()
    {
        Op = "MultiDot",
        Name = Name + (Updates ? " accumulate" : ""),
        Operands =
        [
            .. HasBase ? new[] { BaseOperand() } : [], .. ExpertOperands(), Input("gradient", Shape), Result("result", Routing, Updates),
            ForwardInput("weights", Routing, Fills.Uniform(-0.5, 1)), ForwardOutput("out", Shape),
        ],
        Forward = (backend, t) => Sum(backend, t, "out"),
        Call = (backend, t) => backend.MultiDot(new MultiDotArgs
        {
            Gradient = t["gradient"],
            Base = t.Optional("base"),
            Experts = t.Range("expert0", Experts.Count),
            Result = t["result"],
            ChannelIsColumn = Channel == RoutedChannel.Column,
            Accumulate = Updates,
        }),
        OutputGradient = new GradientPair("out", "gradient"),
        InputGradients = [new GradientPair("weights", "result")],
        Flops = 3.0 * Experts.Count * Shape.ElementCount,
        Unaligned = Unaligned,
        IsLarge = IsLarge,
    };

    private void Sum(IBackend backend, CaseOperands t, string output) => backend.WeightedSum(new WeightedSumArgs
    {
        Base = t.Optional("base"),
        Experts = t.Range("expert0", Experts.Count),
        Weights = t["weights"],
        ChannelIsColumn = Channel == RoutedChannel.Column,
        Output = t[output],
    });

    private OperandSpec BaseOperand() => Input("base", Shape) with { Stored = BaseType };

    private IEnumerable<OperandSpec> ExpertOperands() =>
        Experts.Select((dtype, index) => Input($"expert{index}", Shape) with { Stored = dtype });

    private string TypeNames()
    {
        string[] names = [.. Experts.Select(dtype => dtype?.ToString() ?? "compute").Distinct()];
        return string.Join('+', names);
    }
}
