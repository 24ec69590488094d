using System;

namespace Engine.Kernels.Host;

/// <summary>Sizes and inputs that attention's forward and backward kernels share. One unit of work is a head of a sequence.</summary>
internal readonly unsafe struct AttentionProblem
{
    /// <summary>Flops that a tile has at least: some microseconds of work.</summary>
    private const long FlopsPerTile = 500_000;

    /// <summary>[B Tq, H D].</summary>
    public required HeadMatrix Query { get; init; }

    /// <summary>[B Tk, H D].</summary>
    public required HeadMatrix Key { get; init; }

    /// <summary>[B Tk, H D].</summary>
    public required HeadMatrix Value { get; init; }

    /// <summary>[B Tq, H D].</summary>
    public required HeadMatrix Output { get; init; }

    /// <summary>[B, H, Tq], or null.</summary>
    public required float* LogSumExp { get; init; }

    /// <summary>[B, Tk], or null.</summary>
    public required byte* KeyMask { get; init; }

    public required int Batch { get; init; }

    public required int Heads { get; init; }

    /// <summary>Tq.</summary>
    public required int QueryTokens { get; init; }

    /// <summary>Tk.</summary>
    public required int KeyTokens { get; init; }

    /// <summary>D.</summary>
    public required int HeadSize { get; init; }

    public required bool Causal { get; init; }

    /// <summary>Factor of the scores.</summary>
    public float Scale => 1f / MathF.Sqrt(HeadSize);

    /// <summary>The last key that causal query 0 sees.</summary>
    public int CausalOffset => KeyTokens - QueryTokens;

    /// <summary>B H.</summary>
    public int Units => Batch * Heads;

    /// <summary>Units per tile; small heads go together.</summary>
    public int UnitsPerTile => (int)Math.Max(1, FlopsPerTile / Math.Max(1, 4L * QueryTokens * KeyTokens * HeadSize));

    /// <summary>Number of tiles.</summary>
    public int Tiles => ElementBlocks.Count(Units, UnitsPerTile);

    /// <summary>The units of a tile, the last one exclusive.</summary>
    public (int First, int End) OfTile(int tile) => (tile * UnitsPerTile, Math.Min(Units, (tile + 1) * UnitsPerTile));

    /// <summary>A unit's rows and columns of a tensor with so many rows per sequence.</summary>
    public HeadMatrix Head(HeadMatrix tensor, int unit, int tokens) =>
        tensor.From((long)(unit / Heads) * tokens, unit % Heads * HeadSize);

    /// <summary>Collects the keys that the mask does not hide.</summary>
    /// <param name="unit">Head of a sequence.</param>
    /// <param name="positions">Receives their positions, ascending; room for all.</param>
    /// <returns>Their number.</returns>
    public int VisibleKeys(int unit, int* positions)
    {
        byte* mask = KeyMask == null ? null : KeyMask + ((long)(unit / Heads) * KeyTokens);
        int visible = 0;
        for (int key = 0; key < KeyTokens; key++)
        {
            if (mask == null || mask[key] != 0)
            {
                positions[visible++] = key;
            }
        }

        return visible;
    }

    /// <summary>How many of the keys are seen by a query, the keys before it included.</summary>
    /// <param name="query">Index of the query in its sequence.</param>
    /// <param name="positions">Ascending positions of the keys.</param>
    /// <param name="visible">Number of keys.</param>
    public int SeenBy(int query, int* positions, int visible)
    {
        if (!Causal)
        {
            return visible;
        }

        int last = CausalOffset + query;
        int seen = Math.Min(visible, last + 1);
        while (seen > 0 && positions[seen - 1] > last)
        {
            seen--;
        }

        return seen;
    }
}
