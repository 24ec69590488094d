using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>out[b, 0] = class + positions[0], out[b, 1 + p] = patches[b, p] + positions[1 + p], rows of C; B(P + 1)C flops, 12 bytes each.
/// A tile is a block of output rows.</summary>
internal readonly unsafe struct AssembleTokensForward : ISimdJob
{
    public required float* Patches { get; init; }

    public required int PatchStride { get; init; }

    public required float* ClassToken { get; init; }

    public required float* Positions { get; init; }

    public required int PositionStride { get; init; }

    public required float* Output { get; init; }

    public required int OutputStride { get; init; }

    /// <summary>P + 1.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>B (P + 1).</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            (int sequence, int token) = Math.DivRem(row, SequenceLength);
            long patch = ((long)sequence * (SequenceLength - 1)) + token - 1;
            float* source = token == 0 ? ClassToken : Patches + (patch * PatchStride);
            float* position = Positions + ((long)token * PositionStride);
            float* output = Output + ((long)row * OutputStride);
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                int left = Columns - i;
                Lanes<TIsa, TVector>.Store(
                    TIsa.Add(Lanes<TIsa, TVector>.Load(source + i, left), Lanes<TIsa, TVector>.Load(position + i, left)), output + i, left);
            }
        }
    }
}
