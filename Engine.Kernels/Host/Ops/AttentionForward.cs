using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// out = softmax(scale q k^T + mask) v for heads of sequences; 4 B H Tq Tk D flops, half of it if causal. A worker takes a head: it copies
/// the visible keys and values together once, then goes through blocks of queries (<see cref="AttentionBlocks{TIsa, TVector}"/>).
/// Scores of one block, 128 KiB at 1024 keys, wait in the second cache level: with a block that narrow, an online softmax would
/// only rescale more often. Causal blocks stop at their last key.
/// </summary>
internal readonly unsafe struct AttentionForward : ISimdJob
{
    public required AttentionProblem Problem { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Scratch per worker, for the widest registers.</summary>
    public static long ScratchBytes(in AttentionProblem problem)
    {
        const long WidestLanes = 128;
        long head = problem.HeadSize + WidestLanes;
        long keys = problem.KeyTokens + 8;
        return sizeof(float) * ((keys * ((2 * head) + WidestLanes + 1)) + (3 * WidestLanes * head));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        (int first, int end) = Problem.OfTile(tile);
        for (int unit = first; unit < end; unit++)
        {
            ComputeHead<TIsa, TVector>(unit, Scratch.Of(worker));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeHead<TIsa, TVector>(int unit, float* scratch)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int headSize = Problem.HeadSize;
        int lanes = AttentionBlocks<TIsa, TVector>.Lanes;
        int head = AttentionBlocks<TIsa, TVector>.PaddedHead(headSize);
        int keys = AttentionBlocks<TIsa, TVector>.PaddedKeys(Problem.KeyTokens);
        HeadMatrix key = new(scratch, head);
        HeadMatrix value = new(key.Row(keys), head);
        HeadMatrix scores = new(value.Row(keys), lanes);
        HeadMatrix rows = new(scores.Row(keys), head);
        HeadMatrix queryColumns = new(rows.Row(lanes), lanes);
        HeadMatrix outputColumns = new(queryColumns.Row(head), lanes);
        int* positions = (int*)outputColumns.Row(head);

        int visible = Problem.VisibleKeys(unit, positions);
        int padded = AttentionBlocks<TIsa, TVector>.PaddedKeys(visible);
        HeadMatrix keySource = Problem.Head(Problem.Key, unit, Problem.KeyTokens);
        HeadMatrix valueSource = Problem.Head(Problem.Value, unit, Problem.KeyTokens);
        AttentionBlocks<TIsa, TVector>.Gather(keySource, positions, visible, headSize, 1, key, padded);
        AttentionBlocks<TIsa, TVector>.Gather(valueSource, positions, visible, headSize, 1, value, padded);

        HeadMatrix query = Problem.Head(Problem.Query, unit, Problem.QueryTokens);
        HeadMatrix output = Problem.Head(Problem.Output, unit, Problem.QueryTokens);
        for (int start = 0; start < Problem.QueryTokens; start += lanes)
        {
            int count = Math.Min(lanes, Problem.QueryTokens - start);
            int vectors = (count + TIsa.Width - 1) / TIsa.Width;
            AttentionBlocks<TIsa, TVector>.Gather(
                query.From(start, 0), null, count, headSize, Problem.Scale, rows, vectors * TIsa.Width);
            AttentionBlocks<TIsa, TVector>.Transpose(rows, vectors, head / TIsa.Width, queryColumns);

            int seen = Problem.SeenBy(start + count - 1, positions, visible);
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Of(key), queryColumns, scores, seen, vectors, headSize, accumulate: false);
            if (Problem.Causal)
            {
                int seenByAll = Problem.SeenBy(start, positions, visible);
                AttentionBlocks<TIsa, TVector>.HideLaterKeys(
                    scores, positions, seenByAll, seen, Problem.CausalOffset + start, vectors, float.NegativeInfinity);
            }

            float* logSumExp = Problem.LogSumExp == null ? null : Problem.LogSumExp + ((long)unit * Problem.QueryTokens) + start;
            Combine<TIsa, TVector>(value, scores, outputColumns, seen, vectors, count, logSumExp);
            AttentionBlocks<TIsa, TVector>.Transpose(outputColumns, head / TIsa.Width, vectors, rows);
            AttentionBlocks<TIsa, TVector>.Scatter(rows, null, count, headSize, output.From(start, 0));
        }
    }

    /// <summary>Softmax over the keys of each lane, then the transposed output [D, lanes].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine<TIsa, TVector>(
        HeadMatrix value, HeadMatrix scores, HeadMatrix outputColumns, int seen, int vectors, int count, float* logSumExp)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* reciprocals = stackalloc float[AttentionBlocks<TIsa, TVector>.Lanes];
        for (int v = 0; v < vectors; v++)
        {
            int lane = v * TIsa.Width;
            TVector sum = Exponentials<TIsa, TVector>(scores.Address + lane, scores.Stride, seen, out TVector max);
            TVector reciprocal = TIsa.SelectLess(TIsa.Zero, sum, TIsa.Divide(TIsa.Broadcast(1f), sum), sum);
            TIsa.Store(reciprocal, reciprocals + lane);
            if (logSumExp != null)
            {
                TVector log = TIsa.SelectLess(
                    TIsa.Zero, sum, TIsa.Add(TIsa.Log(sum), max), TIsa.Add(sum, TIsa.Broadcast(float.NegativeInfinity)));
                Lanes<TIsa, TVector>.Store(log, logSumExp + lane, count - lane);
            }
        }

        BlockOutput<TIsa, TVector>(value, scores, outputColumns, seen, vectors);
        for (int d = 0; d < Problem.HeadSize; d++)
        {
            for (int v = 0; v < vectors; v++)
            {
                float* column = outputColumns.Row(d) + (v * TIsa.Width);
                TIsa.Store(TIsa.Multiply(TIsa.Load(column), TIsa.Load(reciprocals + (v * TIsa.Width))), column);
            }
        }
    }

    private void BlockOutput<TIsa, TVector>(HeadMatrix value, HeadMatrix scores, HeadMatrix outputColumns, int seen, int vectors)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int keyBlock = AttentionBlocks<TIsa, TVector>.KeyBlock;
        for (int first = 0; first == 0 || first < seen; first += keyBlock)
        {
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Transposed(value.From(first, 0)),
                scores.From(first, 0),
                outputColumns,
                Problem.HeadSize,
                vectors,
                Math.Min(keyBlock, seen - first),
                accumulate: first > 0);
        }
    }

    /// <summary>Replaces one register column of scores by exp(score - max) and returns its sum.</summary>
    /// <param name="scores">First element.</param>
    /// <param name="stride">Elements from one key to the next.</param>
    /// <param name="keys">Number of keys.</param>
    /// <param name="max">The largest score; 0 where no key is seen, so that exponentials become 0 and not NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Exponentials<TIsa, TVector>(float* scores, nint stride, int keys, out TVector max)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector none = TIsa.Broadcast(float.NegativeInfinity);
        TVector m0 = none;
        TVector m1 = none;
        int key = 0;
        for (; key + 2 <= keys; key += 2)
        {
            m0 = TIsa.Max(m0, TIsa.Load(scores + (key * stride)));
            m1 = TIsa.Max(m1, TIsa.Load(scores + ((key + 1) * stride)));
        }

        if (key < keys)
        {
            m0 = TIsa.Max(m0, TIsa.Load(scores + (key * stride)));
        }

        max = TIsa.Max(m0, m1);
        max = TIsa.SelectLess(none, max, max, TIsa.Zero);
        TVector shift = max;
        TVector sum = TIsa.Zero;
        for (key = 0; key < keys; key++)
        {
            TVector p = VectorExp<TIsa, TVector>.ExpNonPositive(TIsa.Subtract(TIsa.Load(scores + (key * stride)), shift));
            sum = TIsa.Add(sum, p);
            TIsa.Store(p, scores + (key * stride));
        }

        return sum;
    }
}
