using System.Collections.Generic;
using System.Globalization;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>The options of one attention, from which its forward and its backward case follow.</summary>
internal sealed record AttentionVariant
{
    /// <summary>Finite differences run the forward pass hundreds of times; larger ones would tell nothing more.</summary>
    private const int LargestForGradients = 5000;

    /// <summary>B.</summary>
    public required int Batch { get; init; }

    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>Tq.</summary>
    public required int Queries { get; init; }

    /// <summary>Tk.</summary>
    public required int Keys { get; init; }

    /// <summary>D.</summary>
    public required int HeadSize { get; init; }

    public bool Causal { get; init; }

    /// <summary>Bytes of the key mask, if there is one.</summary>
    public OperandFill? Mask { get; init; }

    public string MaskName { get; init; } = "";

    /// <summary>Query, key and value are columns of one tensor, and so are their gradients.</summary>
    public bool Packed { get; init; }

    public bool KeepLogSumExp { get; init; } = true;

    public int Gap { get; init; }

    /// <summary>Deviation of queries and keys: large ones make the softmax a maximum.</summary>
    public double Deviation { get; init; } = 1;

    public bool IsLarge { get; init; }

    private int Columns => Heads * HeadSize;

    private double Products => (Causal ? 0.5 : 1) * Batch * Heads * Queries * (double)Keys * HeadSize;

    public OpCase ToForwardCase() => new()
    {
        Op = "Attention",
        Name = Describe(),
        Operands =
        [
            .. Inputs(), Output("out", new Shape(Batch * Queries, Columns), Gap),
            .. KeepLogSumExp ? new[] { Output("logSumExp", new Shape(Batch, Heads, Queries)) } : [],
        ],
        Call = (backend, t) => backend.Attention(Args(t)),
        Flops = 4 * Products,
        Unaligned = Gap > 0,
        IsLarge = IsLarge,
        RoundsResults = true,
    };

    public OpCase ToBackwardCase() => new()
    {
        Op = "AttentionBackward",
        Name = Describe(),
        Operands =
        [
            .. Inputs(), Kept("out", new Shape(Batch * Queries, Columns), Gap), Kept("logSumExp", new Shape(Batch, Heads, Queries)),
            Input("dout", new Shape(Batch * Queries, Columns), gap: Gap), .. Gradients(),
        ],
        Forward = (backend, t) => backend.Attention(Args(t)),
        Call = (backend, t) => backend.AttentionBackward(BackwardArgs(t)),
        OutputGradient = new GradientPair("out", "dout"),
        InputGradients = Queries * Keys * HeadSize > LargestForGradients ? [] : Packed
            ? [new GradientPair("qkv", "dqkv")]
            : [new GradientPair("q", "dq"), new GradientPair("k", "dk"), new GradientPair("v", "dv")],
        Flops = 10 * Products,
        Unaligned = Gap > 0,
        IsLarge = IsLarge,
        RoundsResults = true,
    };

    /// <summary>Arguments of the forward pass.</summary>
    public AttentionArgs Args(CaseOperands t) => new()
    {
        Query = Packed ? t["qkv"].SliceColumns(0, Columns) : t["q"],
        Key = Packed ? t["qkv"].SliceColumns(Columns, Columns) : t["k"],
        Value = Packed ? t["qkv"].SliceColumns(2 * Columns, Columns) : t["v"],
        Output = t["out"],
        LogSumExp = t.Optional("logSumExp"),
        KeyMask = t.Optional("mask"),
        Batch = Batch,
        Heads = Heads,
        Causal = Causal,
    };

    /// <summary>Arguments of the backward pass.</summary>
    public AttentionBackwardArgs BackwardArgs(CaseOperands t) => new()
    {
        Forward = Args(t),
        OutputGradient = t["dout"],
        QueryGradient = Packed ? t["dqkv"].SliceColumns(0, Columns) : t["dq"],
        KeyGradient = Packed ? t["dqkv"].SliceColumns(Columns, Columns) : t["dk"],
        ValueGradient = Packed ? t["dqkv"].SliceColumns(2 * Columns, Columns) : t["dv"],
    };

    private IEnumerable<OperandSpec> Inputs()
    {
        OperandFill fill = Fills.Normal(Deviation);
        if (Packed)
        {
            yield return Input("qkv", new Shape(Batch * Queries, 3 * Columns), fill, Gap);
        }
        else
        {
            yield return Input("q", new Shape(Batch * Queries, Columns), fill, Gap);
            yield return Input("k", new Shape(Batch * Keys, Columns), fill, Gap > 0 ? Gap + 1 : 0);
            yield return Input("v", new Shape(Batch * Keys, Columns), gap: Gap > 0 ? Gap + 2 : 0);
        }

        if (Mask is not null)
        {
            yield return StoredInput("mask", new Shape(Batch, Keys), DType.U8, Mask);
        }
    }

    private OperandSpec[] Gradients() => Packed
        ? [Output("dqkv", new Shape(Batch * Queries, 3 * Columns), Gap)]
        :
        [
            Output("dq", new Shape(Batch * Queries, Columns), Gap), Output("dk", new Shape(Batch * Keys, Columns), Gap),
            Output("dv", new Shape(Batch * Keys, Columns), Gap),
        ];

    private string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"B{Batch} H{Heads} Tq{Queries} Tk{Keys} D{HeadSize}{(Causal ? " causal" : "")}{MaskName}{(Packed ? " packed" : "")}"
        + $"{(KeepLogSumExp ? "" : " no log-sum-exp")}{(Gap > 0 ? " gaps unaligned" : "")}{(Deviation > 1 ? " sharp" : "")}");
}
