using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>out[b, t] = tokens[ids[b, t]] + positions[t], rows of C: BTC flops, 12BTC bytes (10 with tokens in BF16), memory-bound.
/// A tile is a block of rows.</summary>
internal readonly unsafe struct EmbedTokensForward : ISimdJob
{
    public required int* Ids { get; init; }

    /// <summary>F32 or BF16.</summary>
    public required StoredOperand Tokens { get; init; }

    public required int TokenStride { get; init; }

    /// <summary>The row of the first token of every sequence.</summary>
    public required float* Positions { get; init; }

    public required int PositionStride { get; init; }

    public required float* Output { get; init; }

    public required int OutputStride { get; init; }

    /// <summary>T.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>B T.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (Tokens.DType == DType.BF16)
        {
            AddRows<TIsa, TVector, BFloat16Storage>(tile);
        }
        else
        {
            AddRows<TIsa, TVector, Float32Storage>(tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows<TIsa, TVector, TFormat>(int tile)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            long token = (long)Ids[row] * TokenStride;
            float* position = Positions + ((long)(row % SequenceLength) * PositionStride);
            float* output = Output + ((long)row * OutputStride);
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                int left = Columns - i;
                TVector sum = TIsa.Add(
                    Lanes<TIsa, TVector>.Load<TFormat>(Tokens.Address, token + i, left), Lanes<TIsa, TVector>.Load(position + i, left));
                Lanes<TIsa, TVector>.Store(sum, output + i, left);
            }
        }
    }
}
