using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// destination[t] (+)= source[0, t] + source[1, t] + ..., source [B, T, C], destination [P, C]; rows of the destination from T on take
/// part with an empty sum. BTC flops, 4C(BT + P) bytes. A tile is a block of destination rows; the batch is summed in order.
/// </summary>
internal readonly unsafe struct BatchSums : ISimdJob
{
    public required float* Source { get; init; }

    public required int SourceStride { get; init; }

    public required int Batch { get; init; }

    /// <summary>T.</summary>
    public required int SequenceLength { get; init; }

    public required float* Destination { get; init; }

    public required int DestinationStride { get; init; }

    /// <summary>P, or the rows of it that are asked for.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int RowsPerTile { get; init; }

    public required bool Accumulate { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            float* destination = Destination + ((long)row * DestinationStride);
            float* source = Source + ((long)row * SourceStride);
            long sequenceStride = (long)SequenceLength * SourceStride;
            int batch = row < SequenceLength ? Batch : 0;
            for (int i = 0; i < Columns; i += TIsa.Width)
            {
                int left = Columns - i;
                TVector sum = Accumulate ? Lanes<TIsa, TVector>.Load(destination + i, left) : TIsa.Zero;
                for (int b = 0; b < batch; b++)
                {
                    sum = TIsa.Add(sum, Lanes<TIsa, TVector>.Load(source + (b * sequenceStride) + i, left));
                }

                Lanes<TIsa, TVector>.Store(sum, destination + i, left);
            }
        }
    }
}
