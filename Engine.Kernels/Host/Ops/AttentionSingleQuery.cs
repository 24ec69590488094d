using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// Attention of one query per sequence, the step of text generation with a key/value cache: 4 B H Tk D flops for 8 B H Tk D bytes, so
/// memory is what counts. Keys and values are read once, where they lie; lanes run along the head. Blocks of queries
/// (<see cref="AttentionForward"/>) would leave all lanes but one empty and copy keys and values first.
/// </summary>
internal readonly unsafe struct AttentionSingleQuery : ISimdJob
{
    public required AttentionProblem Problem { get; init; }

    /// <summary><see cref="ScratchBytes"/> per worker.</summary>
    public required ScratchRegions Scratch { get; init; }

    /// <summary>Per worker: the scores of one head, and its scaled query.</summary>
    public static long ScratchBytes(in AttentionProblem problem) => ((long)problem.KeyTokens + problem.HeadSize) * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* scores = Scratch.Of(worker);
        float* query = scores + Problem.KeyTokens;
        (int first, int end) = Problem.OfTile(tile);
        for (int unit = first; unit < end; unit++)
        {
            HeadMatrix source = Problem.Head(Problem.Query, unit, 1);
            for (int d = 0; d < Problem.HeadSize; d++)
            {
                query[d] = source.Address[d] * Problem.Scale;
            }

            Score<TIsa, TVector>(unit, query, scores);
            float sum = Exponentials<TIsa, TVector>(scores, Problem.KeyTokens, out float max);
            if (Problem.LogSumExp != null)
            {
                Problem.LogSumExp[unit] = sum > 0 ? MathF.Log(sum) + max : sum + float.NegativeInfinity;
            }

            HeadMatrix value = Problem.Head(Problem.Value, unit, Problem.KeyTokens);
            float* output = Problem.Head(Problem.Output, unit, 1).Address;
            Combine<TIsa, TVector>(value, scores, sum > 0 ? 1 / sum : sum, output);
        }
    }

    /// <summary>scores[j] = query . key[j], minus infinity for hidden keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score<TIsa, TVector>(int unit, float* query, float* scores)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        HeadMatrix keys = Problem.Head(Problem.Key, unit, Problem.KeyTokens);
        int headSize = Problem.HeadSize;
        int count = Problem.KeyTokens;
        int j = 0;
        for (; j + 4 <= count; j += 4)
        {
            float* key = keys.Row(j);
            TVector s0 = TIsa.Zero;
            TVector s1 = TIsa.Zero;
            TVector s2 = TIsa.Zero;
            TVector s3 = TIsa.Zero;
            for (int d = 0; d < headSize; d += TIsa.Width)
            {
                int left = headSize - d;
                TVector q = Lanes<TIsa, TVector>.Load(query + d, left);
                s0 = TIsa.MultiplyAdd(q, Lanes<TIsa, TVector>.Load(key + d, left), s0);
                s1 = TIsa.MultiplyAdd(q, Lanes<TIsa, TVector>.Load(key + keys.Stride + d, left), s1);
                s2 = TIsa.MultiplyAdd(q, Lanes<TIsa, TVector>.Load(key + (2 * keys.Stride) + d, left), s2);
                s3 = TIsa.MultiplyAdd(q, Lanes<TIsa, TVector>.Load(key + (3 * keys.Stride) + d, left), s3);
            }

            scores[j] = TIsa.Sum(s0);
            scores[j + 1] = TIsa.Sum(s1);
            scores[j + 2] = TIsa.Sum(s2);
            scores[j + 3] = TIsa.Sum(s3);
        }

        for (; j < count; j++)
        {
            scores[j] = RowReductions<TIsa, TVector>.Dot(query, keys.Row(j), headSize);
        }

        byte* mask = Problem.KeyMask == null ? null : Problem.KeyMask + ((long)(unit / Problem.Heads) * count);
        for (j = 0; mask != null && j < count; j++)
        {
            scores[j] = mask[j] != 0 ? scores[j] : float.NegativeInfinity;
        }
    }

    /// <summary>Replaces scores by exp(score - max) and returns their sum; max is 0 if no key is seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials<TIsa, TVector>(float* scores, int count, out float max)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        max = RowReductions<TIsa, TVector>.Max(scores, count);
        max = max == float.NegativeInfinity ? 0 : max;
        TVector shift = TIsa.Broadcast(max);
        TVector sum = TIsa.Zero;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            int left = count - i;
            TVector x = TIsa.Subtract(Lanes<TIsa, TVector>.Load(scores + i, left), shift);
            TVector p = Lanes<TIsa, TVector>.Keep(VectorExp<TIsa, TVector>.ExpNonPositive(x), left, 0);
            sum = TIsa.Add(sum, p);
            Lanes<TIsa, TVector>.Store(p, scores + i, left);
        }

        return TIsa.Sum(sum);
    }

    /// <summary>output = factor sum_j weights[j] value[j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine<TIsa, TVector>(HeadMatrix value, float* weights, float factor, float* output)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        int width = TIsa.Width;
        int count = Problem.KeyTokens;
        TVector scale = TIsa.Broadcast(factor);
        int d = 0;
        for (; d + (4 * width) <= Problem.HeadSize; d += 4 * width)
        {
            TVector s0 = TIsa.Zero;
            TVector s1 = TIsa.Zero;
            TVector s2 = TIsa.Zero;
            TVector s3 = TIsa.Zero;
            float* row = value.Address + d;
            for (int j = 0; j < count; j++)
            {
                TVector p = TIsa.Broadcast(weights[j]);
                s0 = TIsa.MultiplyAdd(p, TIsa.Load(row), s0);
                s1 = TIsa.MultiplyAdd(p, TIsa.Load(row + width), s1);
                s2 = TIsa.MultiplyAdd(p, TIsa.Load(row + (2 * width)), s2);
                s3 = TIsa.MultiplyAdd(p, TIsa.Load(row + (3 * width)), s3);
                row += value.Stride;
            }

            TIsa.Store(TIsa.Multiply(s0, scale), output + d);
            TIsa.Store(TIsa.Multiply(s1, scale), output + d + width);
            TIsa.Store(TIsa.Multiply(s2, scale), output + d + (2 * width));
            TIsa.Store(TIsa.Multiply(s3, scale), output + d + (3 * width));
        }

        for (; d < Problem.HeadSize; d += width)
        {
            int left = Problem.HeadSize - d;
            TVector sum = TIsa.Zero;
            for (int j = 0; j < count; j++)
            {
                sum = TIsa.MultiplyAdd(TIsa.Broadcast(weights[j]), Lanes<TIsa, TVector>.Load(value.Row(j) + d, left), sum);
            }

            Lanes<TIsa, TVector>.Store(TIsa.Multiply(sum, scale), output + d, left);
        }
    }
}
