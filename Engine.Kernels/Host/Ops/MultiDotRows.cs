using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// sums[row, i] = sum over the row of gradient (expert_i - base), all experts in one pass over memory; 3nP flops, (n + 2) 4P bytes.
/// A row is an output channel or, if the routing weights are the same everywhere, an arbitrary piece of fixed length. Differences and
/// products are float32; a lane adds at most <see cref="GroupOfDots.Chain"/> products in float32 before the sum goes on in float64,
/// which keeps the relative error near 1e-7 for any length. Experts come in groups of one dtype and at most
/// <see cref="StoredOperand.GroupSize"/>; gradient and base stay in the first cache level between groups.
/// </summary>
internal readonly unsafe struct MultiDotRows : ISimdJob
{
    /// <summary>Elements of a segment: gradient and widened base, 32 KiB together.</summary>
    private const int Segment = 4096;

    // Vector<T> may grow to 2048 bits.
    private const int LanesAtMost = 64;

    /// <summary>[rows, row length].</summary>
    public required float* Gradient { get; init; }

    /// <summary>Null address if there is none.</summary>
    public required StoredOperand Base { get; init; }

    /// <summary>[n].</summary>
    public required StoredOperand* Experts { get; init; }

    public required int ExpertCount { get; init; }

    /// <summary>Receives [rows, n].</summary>
    public required double* Sums { get; init; }

    public required long RowLength { get; init; }

    public required int Rows { get; init; }

    public required int RowsPerTile { get; init; }

    public required long Count { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Per worker: a base segment, a group's float32 sums, and the float64 sums of every lane of every expert.</summary>
    public static long ScratchBytes(int experts) =>
        (Segment * sizeof(float)) + (StoredOperand.GroupSize * LanesAtMost * sizeof(float)) + (experts * (long)LanesAtMost * sizeof(double));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* baseSegment = Scratch.Of(worker);
        float* groupSums = baseSegment + Segment;
        double* laneSums = (double*)(groupSums + (StoredOperand.GroupSize * LanesAtMost));
        int end = Math.Min(Rows, (tile + 1) * RowsPerTile);
        for (int row = tile * RowsPerTile; row < end; row++)
        {
            new Span<double>(laneSums, ExpertCount * TIsa.Width).Clear();
            long rowEnd = Math.Min(Count, (row + 1) * RowLength);
            for (long start = row * RowLength; start < rowEnd; start += Segment)
            {
                int length = (int)Math.Min(Segment, rowEnd - start);
                AddSegment<TIsa, TVector>(start, length, baseSegment, groupSums, laneSums);
            }

            for (int k = 0; k < ExpertCount; k++)
            {
                double sum = 0;
                for (int lane = 0; lane < TIsa.Width; lane++)
                {
                    sum += laneSums[(k * TIsa.Width) + lane];
                }

                Sums[((long)row * ExpertCount) + k] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSegment<TIsa, TVector>(long start, int length, float* baseSegment, float* groupSums, double* laneSums)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* @base = null;
        if (Base.Address != null)
        {
            @base = (float*)Base.Address + start;
            if (Base.DType != DType.F32)
            {
                StorageConversion.Widen<TIsa, TVector>(Base, start, baseSegment, length);
                @base = baseSegment;
            }
        }

        for (int first = 0; first < ExpertCount;)
        {
            int end = StoredOperand.GroupEnd(Experts, first, ExpertCount);
            GroupOfDots group = new()
            {
                Experts = Experts + first,
                Count = end - first,
                Gradient = Gradient + start,
                Base = @base,
                Start = start,
                Length = length,
                Sums = groupSums,
                LaneSums = laneSums + (first * TIsa.Width),
            };
            switch (Experts[first].DType)
            {
                case DType.F16:
                    group.Add<TIsa, TVector, Float16Storage>();
                    break;
                case DType.BF16:
                    group.Add<TIsa, TVector, BFloat16Storage>();
                    break;
                default:
                    group.Add<TIsa, TVector, Float32Storage>();
                    break;
            }

            first = end;
        }
    }
}
