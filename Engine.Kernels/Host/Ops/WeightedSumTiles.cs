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

    /// <summary>Elements of a tile, about: 512 KiB of each stream, so that streams are seldom begun.</summary>
    public const int TileElements = 32 * Segment;

    /// <summary>Null address if there is none.</summary>
    public required StoredOperand Base { get; init; }

    /// <summary>[n].</summary>
    public required StoredOperand* Experts { get; init; }

    public required int ExpertCount { get; init; }

    /// <summary>[n], [rows, n], or, if the channel is the column, <see cref="ColumnBlocks"/>.</summary>
    public required float* Weights { get; init; }

    public required RoutingLayout Layout { get; init; }

    public required float* Output { get; init; }

    /// <summary>Elements of a row: of the matrix if weights depend on rows or columns, else <see cref="TileElements"/>.</summary>
    public required int RowLength { get; init; }

    public required int RowsPerTile { get; init; }

    public required long Count { get; init; }

    /// <summary><see cref="Segment"/> floats per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        for (long row = (long)tile * RowsPerTile; row < ((long)tile + 1) * RowsPerTile; row++)
        {
            int length = (int)Math.Min(RowLength, Count - (row * RowLength));
            for (int start = 0; start < length; start += Segment)
            {
                float* weights = Layout switch
                {
                    RoutingLayout.Row => Weights + (row * ExpertCount),
                    RoutingLayout.Column => Weights + ColumnBlocks.IndexOf(start, 0, ExpertCount),
                    _ => Weights,
                };
                Combine<TIsa, TVector>((row * RowLength) + start, Math.Min(Segment, length - start), weights, Scratch.Of(worker));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine<TIsa, TVector>(long start, int length, float* weights, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        GroupOfExperts group = new()
        {
            Experts = Experts,
            ExpertCount = ExpertCount,
            Weights = weights,
            Base = BaseSegment<TIsa, TVector>(start, length, scratch),
            Output = Output + start,
            Start = start,
            Length = length,
        };
        for (; group.First < ExpertCount; group.First = group.End)
        {
            group.End = StoredOperand.GroupEnd(Experts, group.First, ExpertCount);
            switch (Experts[group.First].DType)
            {
                case DType.F16:
                    Add<TIsa, TVector, Float16Storage>(group);
                    break;
                case DType.BF16:
                    Add<TIsa, TVector, BFloat16Storage>(group);
                    break;
                default:
                    Add<TIsa, TVector, Float32Storage>(group);
                    break;
            }
        }
    }

    private void Add<TIsa, TVector, TFormat>(in GroupOfExperts group)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        if (Layout == RoutingLayout.Column)
        {
            group.Add<TIsa, TVector, TFormat, WeightPerElement>();
        }
        else
        {
            group.Add<TIsa, TVector, TFormat, OneWeight>();
        }
    }

    /// <summary>The base's segment in float32: in place if possible, else widened or copied to scratch; null if there is no base.</summary>
    private float* BaseSegment<TIsa, TVector>(long start, int length, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* stored = (float*)Base.Address + start;
        if (Base.Address == null)
        {
            return null;
        }

        bool survives = Base.Address != (byte*)Output || StoredOperand.GroupEnd(Experts, 0, ExpertCount) == ExpertCount;
        if (Base.DType == DType.F32 && survives)
        {
            return stored;
        }

        StorageConversion.Widen<TIsa, TVector>(Base, start, scratch, length);
        return scratch;
    }
}
