using System;

namespace Engine.Fusion;

/// <summary>What the solvers over a Gram matrix [T, T] have in common.</summary>
internal static class GramMatrix
{
    public static void Require(ReadOnlySpan<double> gram, int tasks, int weightCount)
    {
        if (gram.Length != tasks * tasks || weightCount != tasks)
        {
            throw new ArgumentException(
                $"{tasks} tasks need a Gram matrix of {tasks * tasks} entries and as many weights, found {gram.Length} and {weightCount}.");
        }

        for (int i = 0; i < gram.Length; i++)
        {
            if (!double.IsFinite(gram[i]))
            {
                throw new ArgumentException($"The Gram matrix has finite entries, found {gram[i]} at [{i / tasks}, {i % tasks}].");
            }
        }
    }

    /// <summary>u^T C v.</summary>
    public static double Product(ReadOnlySpan<double> gram, ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int t = 0; t < u.Length; t++)
        {
            sum += u[t] * WideningLoops.Dot(gram.Slice(t * v.Length, v.Length), v);
        }

        return sum;
    }
}
