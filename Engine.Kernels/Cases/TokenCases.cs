using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>Token embedding, and picking rows.</summary>
internal static class TokenCases
{
    public static IEnumerable<OpCase> All() =>
    [
        .. from size in Sizes() from first in FirstPositions select Embed(size.B, size.T, size.C, vocabulary: 5, first),
        .. from size in Sizes() from first in FirstPositions select Embed(size.B, size.T, size.C, vocabulary: 5, first, DType.BF16),
        .. from size in Sizes()
           from tokens in new bool?[] { null, false, true }
           from positions in new bool?[] { null, false, true }
           where tokens is not null || positions is not null
           select EmbedBackward(size.B, size.T, size.C, vocabulary: 5, tokens, positions),
        .. from shape in RowShapes from count in RowCounts from gap in Choices.Gaps select Gather(shape, count, gap),
        .. from shape in RowShapes from count in RowCounts from gap in Choices.Gaps select Scatter(shape, count, gap),
        Embed(2, 512, 768, vocabulary: 50257, first: 0, large: true),
        EmbedBackward(2, 512, 768, vocabulary: 50257, accumulateTokens: true, accumulatePositions: false, large: true),
        Gather(new Shape(1600, 768), 32, gap: 0, large: true),
        Scatter(new Shape(1600, 768), 32, gap: 0, large: true),
    ];

    private static readonly int[] FirstPositions = [0, 2];

    private static readonly int[] RowCounts = [1, 3, 20];

    private static Shape[] RowShapes => [new(1, 1), new(6, 1), new(6, 17), new(9, 32)];

    private static (int B, int T, int C)[] Sizes() => [(1, 1, 1), (2, 3, 5), (1, 7, 16), (3, 4, 33)];

    public static OpCase Embed(
        int batch, int tokens, int channels, int vocabulary, int first, DType? stored = null, bool large = false) => new()
    {
        Op = "EmbedTokens",
        Name = $"B{batch} T{tokens} C{channels} V{vocabulary} first {first}{(stored is null ? "" : $" tokens {stored}")}",
        Operands =
        [
            Integers("ids", new Shape(batch, tokens), Fills.Below(vocabulary)),
            Input("tokens", new Shape(vocabulary, channels)) with { Stored = stored },
            Input("positions", new Shape(first + tokens + 1, channels)), Output("out", new Shape(batch * tokens, channels)),
        ],
        Call = (backend, t) => backend.EmbedTokens(t["ids"], t["tokens"], t["positions"], first, t["out"]),
        Flops = (double)batch * tokens * channels,
        Bytes = (long)batch * tokens * ((channels * (8 + (stored ?? DType.F32).SizeInBytes())) + 4),
        Unaligned = first > 0,
        IsLarge = large,
    };

    /// <summary>Null for a gradient that is not asked for.</summary>
    public static OpCase EmbedBackward(
        int batch, int tokens, int channels, int vocabulary, bool? accumulateTokens, bool? accumulatePositions, bool large = false)
    {
        Shape tokenTable = new(vocabulary, channels);
        Shape positionTable = new(tokens + 2, channels);
        Shape output = new(batch * tokens, channels);
        return new OpCase
        {
            Op = "EmbedTokensBackward",
            Name = $"B{batch} T{tokens} C{channels} V{vocabulary} "
                + $"tokens {Describe(accumulateTokens)}, positions {Describe(accumulatePositions)}",
            Operands =
            [
                Integers("ids", new Shape(batch, tokens), Fills.Below(vocabulary)), ForwardInput("tokens", tokenTable),
                ForwardInput("positions", positionTable), ForwardOutput("out", output), Input("dout", output),
                .. accumulateTokens is bool addTokens ? new[] { Result("dtokens", tokenTable, addTokens) } : [],
                .. accumulatePositions is bool addPositions ? new[] { Result("dpositions", positionTable, addPositions) } : [],
            ],
            Forward = (backend, t) => backend.EmbedTokens(t["ids"], t["tokens"], t["positions"], 0, t["out"]),
            Call = (backend, t) => backend.EmbedTokensBackward(
                t["ids"],
                t["dout"],
                t.Optional("dtokens"),
                t.Optional("dpositions"),
                accumulateTokens ?? false,
                accumulatePositions ?? false),
            OutputGradient = new GradientPair("out", "dout"),
            InputGradients =
            [
                .. accumulateTokens is null ? [] : new[] { new GradientPair("tokens", "dtokens") },
                .. accumulatePositions is null ? [] : new[] { new GradientPair("positions", "dpositions") },
            ],
            Flops = 2.0 * batch * tokens * channels,
            Bytes = (4 * (output.ElementCount + (batch * tokens)))
                + BytesAdded(accumulateTokens, tokenTable, output) + BytesAdded(accumulatePositions, positionTable, output),
            IsLarge = large,
        };
    }

    /// <summary>Overwriting a table touches all of it; adding to it reads and writes the rows that are named.</summary>
    private static long BytesAdded(bool? accumulate, Shape table, Shape rows) => accumulate switch
    {
        null => 0,
        false => 4 * table.ElementCount,
        true => 8 * long.Min(rows.ElementCount, table.ElementCount),
    };

    private static string Describe(bool? accumulate) => accumulate switch { null => "no", false => "written", true => "added" };

    public static OpCase Gather(Shape shape, int count, int gap, bool large = false) => new()
    {
        Op = "GatherRows",
        Name = $"{count} of {shape}{(gap > 0 ? " gaps unaligned" : "")}",
        Operands =
        [
            Input("x", shape, gap: gap), Integers("indices", new Shape(count), Fills.Below(shape.Rows)),
            Output("y", new Shape(count, shape.Columns), gap > 0 ? gap + 1 : 0),
        ],
        Call = (backend, t) => backend.GatherRows(t["x"], t["indices"], t["y"]),
        Bytes = 8L * count * shape.Columns,
        Unaligned = gap > 0,
        IsLarge = large,
    };

    /// <summary>With 20 indices some repeat; with 1 or 3 some rows get nothing.</summary>
    public static OpCase Scatter(Shape shape, int count, int gap, bool large = false)
    {
        Shape picked = new(count, shape.Columns);
        return new OpCase
        {
            Op = "ScatterRows",
            Name = $"{count} to {shape}{(gap > 0 ? " gaps unaligned" : "")}",
            Operands =
            [
                ForwardInput("x", shape), Integers("indices", new Shape(count), Fills.Below(shape.Rows)), ForwardOutput("y", picked),
                Input("dy", picked, gap: gap), Output("dx", shape, gap > 0 ? gap + 1 : 0),
            ],
            Forward = (backend, t) => backend.GatherRows(t["x"], t["indices"], t["y"]),
            Call = (backend, t) => backend.ScatterRows(t["dy"], t["indices"], t["dx"]),
            OutputGradient = new GradientPair("y", "dy"),
            InputGradients = [new GradientPair("x", "dx")],
            Unaligned = gap > 0,
            IsLarge = large,
        };
    }
}
