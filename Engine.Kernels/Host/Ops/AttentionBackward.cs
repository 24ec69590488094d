using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Gradient of attention. With p = exp(scale q k^T - logsumexp) and delta = rowsum(dout out): dv = p^T dout; ds = p (dout v^T - delta);
/// dq = scale ds k; dk = scale ds^T q. 10 B H Tq Tk D flops, half of it if causal: five products per pair of blocks of queries and keys.
/// Probabilities are recomputed, a block of <see cref="AttentionBlocks{TIsa, TVector}.KeyBlock"/> keys at a time, and never leave the first
/// cache level. One worker owns a head, so the gradients of keys and values are summed without atomics, in a fixed order.
/// </summary>
internal readonly unsafe struct AttentionBackward : ISimdJob
{
    /// <summary>The forward pass.</summary>
    public required AttentionProblem Problem { get; init; }

    /// <summary>[B Tq, H D].</summary>
    public required HeadMatrix OutputGradient { get; init; }

    /// <summary>[B Tq, H D].</summary>
    public required HeadMatrix QueryGradient { get; init; }

    /// <summary>[B Tk, H D].</summary>
    public required HeadMatrix KeyGradient { get; init; }

    /// <summary>[B Tk, H D].</summary>
    public required HeadMatrix ValueGradient { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Scratch per worker, for the widest registers.</summary>
    public static long ScratchBytes(in AttentionProblem problem)
    {
        const long WidestLanes = 128;
        long head = problem.HeadSize + WidestLanes;
        long keys = problem.KeyTokens + 8;
        return sizeof(float) * ((keys * ((4 * head) + 1)) + (WidestLanes * ((5 * head) + (2 * 64) + 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        (int first, int end) = Problem.OfTile(tile);
        for (int unit = first; unit < end; unit++)
        {
            ComputeHead<TIsa, TVector>(unit, new AttentionBackwardScratch<TIsa, TVector>(Scratch.Of(worker), Problem));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeHead<TIsa, TVector>(int unit, AttentionBackwardScratch<TIsa, TVector> s)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int headSize = Problem.HeadSize;
        int visible = Problem.VisibleKeys(unit, s.Positions);
        int padded = AttentionBlocks<TIsa, TVector>.PaddedKeys(visible);
        HeadMatrix keySource = Problem.Head(Problem.Key, unit, Problem.KeyTokens);
        HeadMatrix valueSource = Problem.Head(Problem.Value, unit, Problem.KeyTokens);
        AttentionBlocks<TIsa, TVector>.Gather(keySource, s.Positions, visible, headSize, 1, s.Key, padded);
        AttentionBlocks<TIsa, TVector>.Gather(valueSource, s.Positions, visible, headSize, 1, s.Value, padded);
        ClearRows(s.KeyGradient, 0, padded);
        ClearRows(s.ValueGradient, 0, padded);

        for (int start = 0; start < Problem.QueryTokens; start += AttentionBlocks<TIsa, TVector>.Lanes)
        {
            int count = Math.Min(AttentionBlocks<TIsa, TVector>.Lanes, Problem.QueryTokens - start);
            LoadQueries(unit, start, count, s);
            ComputeQueryBlock(start, count, visible, s);
            StoreQueryGradient(unit, start, count, s);
        }

        StoreKeyGradient(s.KeyGradient, Problem.Head(KeyGradient, unit, Problem.KeyTokens), visible, s);
        StoreKeyGradient(s.ValueGradient, Problem.Head(ValueGradient, unit, Problem.KeyTokens), visible, s);
    }

    /// <summary>Queries (scaled) and output gradients as rows and as columns, log-sum-exp and delta by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadQueries<TIsa, TVector>(int unit, int start, int count, AttentionBackwardScratch<TIsa, TVector> s)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int headSize = Problem.HeadSize;
        int vectors = (count + TIsa.Width - 1) / TIsa.Width;
        HeadMatrix query = Problem.Head(Problem.Query, unit, Problem.QueryTokens).From(start, 0);
        HeadMatrix output = Problem.Head(Problem.Output, unit, Problem.QueryTokens).From(start, 0);
        HeadMatrix outputGradient = Problem.Head(OutputGradient, unit, Problem.QueryTokens).From(start, 0);
        int rows = vectors * TIsa.Width;
        AttentionBlocks<TIsa, TVector>.Gather(output, null, count, headSize, 1, s.QueryRows, rows);
        AttentionBlocks<TIsa, TVector>.Transpose(s.QueryRows, vectors, s.HeadVectors, s.QueryColumns);
        AttentionBlocks<TIsa, TVector>.Gather(outputGradient, null, count, headSize, 1, s.OutputGradientRows, rows);
        AttentionBlocks<TIsa, TVector>.Transpose(s.OutputGradientRows, vectors, s.HeadVectors, s.OutputGradientColumns);
        for (int v = 0; v < vectors; v++)
        {
            ComputeDelta(s, headSize, v * TIsa.Width);
        }

        AttentionBlocks<TIsa, TVector>.Gather(query, null, count, headSize, Problem.Scale, s.QueryRows, rows);
        AttentionBlocks<TIsa, TVector>.Transpose(s.QueryRows, vectors, s.HeadVectors, s.QueryColumns);

        // A lane without a query, or whose query sees no key, has probabilities exp(-infinity) = 0.
        float* logSumExp = Problem.LogSumExp + ((long)unit * Problem.QueryTokens) + start;
        for (int lane = 0; lane < rows; lane++)
        {
            bool sees = lane < count && logSumExp[lane] != float.NegativeInfinity;
            s.LogSumExp[lane] = sees ? logSumExp[lane] : float.PositiveInfinity;
        }
    }

    /// <summary>delta of one register of lanes, from the outputs that lie in the queries' place, summed in the order in which dout v^T is summed: where only one key
    /// is seen, delta equals it to the bit and the score's gradient is exactly 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeDelta<TIsa, TVector>(
        in AttentionBackwardScratch<TIsa, TVector> s, int headSize, int lane)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector sum = TIsa.Zero;
        for (int d = 0; d < headSize; d++)
        {
            sum = TIsa.MultiplyAdd(TIsa.Load(s.QueryColumns.Row(d) + lane), TIsa.Load(s.OutputGradientColumns.Row(d) + lane), sum);
        }

        TIsa.Store(sum, s.Delta + lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeQueryBlock<TIsa, TVector>(int start, int count, int visible, AttentionBackwardScratch<TIsa, TVector> s)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int vectors = (count + TIsa.Width - 1) / TIsa.Width;
        int seen = Problem.SeenBy(start + count - 1, s.Positions, visible);
        int seenByAll = Problem.SeenBy(start, s.Positions, visible);
        int keyBlock = AttentionBlocks<TIsa, TVector>.KeyBlock;
        int headSize = Problem.HeadSize;
        ClearRows(s.QueryGradientColumns, 0, s.HeadVectors * TIsa.Width);
        for (int first = 0; first < seen; first += keyBlock)
        {
            int keys = Math.Min(keyBlock, seen - first);
            HeadMatrix key = s.Key.From(first, 0);
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Of(key), s.QueryColumns, s.Probabilities, keys, vectors, headSize, accumulate: false);
            if (seenByAll < first + keys)
            {
                AttentionBlocks<TIsa, TVector>.HideLaterKeys(
                    s.Probabilities,
                    s.Positions + first,
                    Math.Max(0, seenByAll - first),
                    keys,
                    Problem.CausalOffset + start,
                    vectors,
                    float.NegativeInfinity);
            }

            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Of(s.Value.From(first, 0)),
                s.OutputGradientColumns,
                s.ScoreGradient,
                keys,
                vectors,
                headSize,
                accumulate: false);
            for (int v = 0; v < vectors; v++)
            {
                ToScoreGradient(s, keys, v * TIsa.Width);
            }

            // Products round rows up: what lies there are keys that this block does not see.
            ClearRows(s.Probabilities, keys, AttentionBlocks<TIsa, TVector>.PaddedKeys(keys));
            ClearRows(s.ScoreGradient, keys, AttentionBlocks<TIsa, TVector>.PaddedKeys(keys));
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Of(s.Probabilities),
                s.OutputGradientRows,
                s.ValueGradient.From(first, 0),
                keys,
                s.HeadVectors,
                count,
                accumulate: true);
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Of(s.ScoreGradient), s.QueryRows, s.KeyGradient.From(first, 0), keys, s.HeadVectors, count, accumulate: true);
            BroadcastProduct<TIsa, TVector>.Multiply(
                BroadcastOperand.Transposed(key), s.ScoreGradient, s.QueryGradientColumns, headSize, vectors, keys, accumulate: true);
        }
    }

    /// <summary>One register column: scores become probabilities, dout v^T becomes p (dout v^T - delta).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToScoreGradient<TIsa, TVector>(AttentionBackwardScratch<TIsa, TVector> s, int keys, int lane)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        TVector logSumExp = TIsa.Load(s.LogSumExp + lane);
        TVector delta = TIsa.Load(s.Delta + lane);
        float* score = s.Probabilities.Address + lane;
        float* gradient = s.ScoreGradient.Address + lane;
        for (int key = 0; key < keys; key++)
        {
            TVector p = VectorExp<TIsa, TVector>.ExpNonPositive(TIsa.Subtract(TIsa.Load(score), logSumExp));
            TIsa.Store(p, score);
            TIsa.Store(TIsa.Multiply(p, TIsa.Subtract(TIsa.Load(gradient), delta)), gradient);
            score += s.Probabilities.Stride;
            gradient += s.ScoreGradient.Stride;
        }
    }

    private static void ClearRows(HeadMatrix matrix, int first, int end) =>
        new Span<float>(matrix.Row(first), (int)((end - first) * matrix.Stride)).Clear();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreQueryGradient<TIsa, TVector>(int unit, int start, int count, AttentionBackwardScratch<TIsa, TVector> s)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int vectors = (count + TIsa.Width - 1) / TIsa.Width;
        TVector scale = TIsa.Broadcast(Problem.Scale);
        for (int d = 0; d < Problem.HeadSize; d++)
        {
            for (int v = 0; v < vectors; v++)
            {
                float* column = s.QueryGradientColumns.Row(d) + (v * TIsa.Width);
                TIsa.Store(TIsa.Multiply(TIsa.Load(column), scale), column);
            }
        }

        AttentionBlocks<TIsa, TVector>.Transpose(s.QueryGradientColumns, s.HeadVectors, vectors, s.QueryRows);
        HeadMatrix destination = Problem.Head(QueryGradient, unit, Problem.QueryTokens).From(start, 0);
        AttentionBlocks<TIsa, TVector>.Scatter(s.QueryRows, null, count, Problem.HeadSize, destination);
    }

    /// <summary>Gradients of visible keys to their positions, zeros to the others.</summary>
    private void StoreKeyGradient<TIsa, TVector>(
        HeadMatrix gradient, HeadMatrix destination, int visible, AttentionBackwardScratch<TIsa, TVector> s)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        if (visible < Problem.KeyTokens)
        {
            for (int key = 0; key < Problem.KeyTokens; key++)
            {
                new Span<float>(destination.Row(key), Problem.HeadSize).Clear();
            }
        }

        AttentionBlocks<TIsa, TVector>.Scatter(gradient, s.Positions, visible, Problem.HeadSize, destination);
    }
}
