using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// out = base + sum_i w_i (expert_i - base), element by element, experts in order; 3nP flops, (n + 2) 4P bytes: bound by memory alone.
/// One pass: four registers of base and sum stay put while the experts stream by, so that a pointer and a weight are fetched once per
/// four registers and no specialisation by n is needed. Experts are taken in groups of one dtype and of at most
/// <see cref="StoredOperand.GroupSize"/>, as many streams as the hardware prefetchers follow; between groups the sum waits in the output,
/// which a segment of <see cref="Segment"/> elements keeps in the first cache level. A base that is not F32, or that is the output and
/// needed by a second group, is widened to scratch first.
/// </summary>
internal readonly unsafe struct WeightedSumTiles : ISimdJob
{
    /// <summary>Elements of a segment: output and widened base, 32 KiB together.</summary>
    public const int Segment = 4096;

    // Segments per tile: 512 KiB of each stream, so that streams are seldom begun.
    private const int TileElements = 32 * Segment;

    /// <summary>Null address if there is none.</summary>
    public required StoredOperand Base { get; init; }

    /// <summary>[n].</summary>
    public required StoredOperand* Experts { get; init; }

    public required int ExpertCount { get; init; }

    /// <summary>[n], [rows, n], or, if the channel is the column, [n, columns].</summary>
    public required float* Weights { get; init; }

    public required RoutingLayout Layout { get; init; }

    public required float* Output { get; init; }

    /// <summary>Elements of a channel's row, or all elements if the weights are the same everywhere.</summary>
    public required long RowLength { get; init; }

    public required long Count { get; init; }

    /// <summary><see cref="Segment"/> floats per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Tiles of a tensor.</summary>
    public static int Tiles(long count) => checked((int)((count + TileElements - 1) / TileElements));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        long start = (long)tile * TileElements;
        long end = Math.Min(Count, start + TileElements);
        while (start < end)
        {
            long row = start / RowLength;
            long rowEnd = Math.Min(end, (row + 1) * RowLength);
            int length = (int)Math.Min(Segment, rowEnd - start);
            float* weights = Layout switch
            {
                RoutingLayout.Row => Weights + (row * ExpertCount),
                RoutingLayout.Column => Weights + (start - (row * RowLength)),
                _ => Weights,
            };
            Combine<TIsa, TVector>(start, length, weights, Scratch.Of(worker));
            start += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine<TIsa, TVector>(long start, int length, float* weights, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int first = 0;
        float* @base = BaseSegment<TIsa, TVector>(start, length, scratch);
        while (first < ExpertCount)
        {
            int end = StoredOperand.GroupEnd(Experts, first, ExpertCount);
            GroupOfExperts group = new()
            {
                Experts = Experts + first,
                Count = end - first,
                Weights = Layout == RoutingLayout.Column ? weights + (first * RowLength) : weights + first,
                WeightStride = Layout == RoutingLayout.Column ? RowLength : 0,
                Base = @base,
                Accumulate = first > 0,
                Output = Output + start,
                Start = start,
                Length = length,
            };
            switch (Experts[first].DType)
            {
                case DType.F16:
                    group.AddTo<TIsa, TVector, Float16Storage>();
                    break;
                case DType.BF16:
                    group.AddTo<TIsa, TVector, BFloat16Storage>();
                    break;
                default:
                    group.AddTo<TIsa, TVector, Float32Storage>();
                    break;
            }

            first = end;
        }
    }

    /// <summary>The base's segment in float32: in place if possible, else widened or copied to scratch; null if there is no base.</summary>
    private float* BaseSegment<TIsa, TVector>(long start, int length, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* stored = (float*)Base.Address + start;
        if (Base.Address == null || (Base.DType == DType.F32 && (Base.Address != (byte*)Output || StoredOperand.GroupEnd(Experts, 0, ExpertCount) == ExpertCount)))
        {
            return Base.Address == null ? null : stored;
        }

        StorageConversion.Widen<TIsa, TVector>(Base, start, scratch, length);
        return scratch;
    }
}
