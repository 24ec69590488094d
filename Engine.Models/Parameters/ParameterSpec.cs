using Engine.Kernels;

namespace Engine.Models;

/// <summary>Describes one parameter of a backbone or head.</summary>
/// <param name="Name">Name in the checkpoint, relative to the backbone (without "vit." or "transformer.").</param>
/// <param name="Shape">Shape in the checkpoint.</param>
/// <param name="Module">Sub-layer, for example "h.0.mlp": the unit that shares a router in the paper.</param>
/// <param name="Kind">What the sub-layer is.</param>
/// <param name="ChannelAxis">Where the output channels lie.</param>
public sealed record ParameterSpec(
    string Name, Shape Shape, string Module, ModuleKind Kind, ChannelAxis ChannelAxis = ChannelAxis.None)
{
    /// <summary><see cref="Block"/> of a parameter that is in none.</summary>
    public const int OutsideBlocks = -1;

    /// <summary>Index of the transformer block that the parameter belongs to; <see cref="OutsideBlocks"/> for embeddings, final norm,
    /// heads.</summary>
    public int Block { get; init; } = OutsideBlocks;

    /// <summary>True for a matrix that rows are multiplied with (GPT-2's token table too, where tokens are looked up besides): the
    /// parameters that may be held in BF16 for inference.</summary>
    public bool IsProductWeight { get; init; }

    /// <summary>Number of output channels; 1 if the tensor is one unit.</summary>
    public int Channels => ChannelAxis switch
    {
        ChannelAxis.Column => Shape.Columns,
        ChannelAxis.Row => Shape.Rank == 4 ? Shape[0] : Shape.Rows,
        _ => 1,
    };

    /// <summary>The shape as a matrix whose rows or columns are the channels; one row if the tensor is one unit.</summary>
    public Shape MatrixShape => ChannelAxis == ChannelAxis.Column
        ? new Shape((int)(Shape.ElementCount / Channels), Channels)
        : new Shape(Channels, (int)(Shape.ElementCount / Channels));
}
