using System;

namespace Engine.Fusion;

/// <summary>
/// The exact point of least norm in the convex hull of the task gradients (Wolfe, Mathematical Programming 1976): w on the simplex that
/// minimises w^T C w. Unlike <see cref="MgdaSolver"/> it may drop a task altogether. Storage is allocated once.
/// </summary>
public sealed class MinimumNormPoint
{
    private const double Tolerance = 1e-12;

    private readonly int _tasks;
    private readonly bool[] _active;
    private readonly double[] _candidate;
    private readonly double[] _system;

    /// <summary>Reserves storage.</summary>
    /// <param name="tasks">T.</param>
    public MinimumNormPoint(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        _tasks = tasks;
        _active = new bool[tasks];
        _candidate = new double[tasks];
        _system = new double[(tasks + 1) * (tasks + 2)];
    }

    /// <summary>Finds the point.</summary>
    /// <param name="gram">C [T, T], symmetric and positive semi-definite.</param>
    /// <param name="weights">Receives w [T].</param>
    /// <returns>w^T C w.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the Gram matrix has an entry that is not finite.</exception>
    public double Solve(ReadOnlySpan<double> gram, Span<double> weights)
    {
        GramMatrix.Require(gram, _tasks, weights.Length);
        double scale = 0;
        int shortest = 0;
        for (int t = 0; t < _tasks; t++)
        {
            double norm = gram[(t * _tasks) + t];
            scale = Math.Max(scale, norm);
            shortest = norm < gram[(shortest * _tasks) + shortest] ? t : shortest;
        }

        Array.Clear(_active);
        weights.Clear();
        _active[shortest] = true;
        weights[shortest] = 1;

        // Each corral is visited at most once in exact arithmetic; the cap only stops rounding from circling.
        for (int iteration = 0; iteration < 10 * _tasks * _tasks; iteration++)
        {
            double norm = GramMatrix.Product(gram, weights, weights);
            int entering = -1;
            double least = norm - (Tolerance * scale);
            for (int t = 0; t < _tasks; t++)
            {
                double product = WideningLoops.Dot(gram.Slice(t * _tasks, _tasks), weights);
                if (!_active[t] && product < least)
                {
                    least = product;
                    entering = t;
                }
            }

            if (entering < 0)
            {
                break;
            }

            _active[entering] = true;
            MoveToAffineMinimum(gram, weights);
        }

        return GramMatrix.Product(gram, weights, weights);
    }

    /// <summary>Goes to the least norm in the active vectors' affine hull, dropping one where the way leaves the simplex.</summary>
    private void MoveToAffineMinimum(ReadOnlySpan<double> gram, Span<double> weights)
    {
        while (true)
        {
            SolveAffine(gram);
            double fraction = 1;
            int leaving = -1;
            for (int t = 0; t < _tasks; t++)
            {
                if (_active[t] && _candidate[t] <= Tolerance)
                {
                    double limit = weights[t] / Math.Max(weights[t] - _candidate[t], double.Epsilon);
                    if (leaving < 0 || limit < fraction)
                    {
                        fraction = Math.Min(limit, 1);
                        leaving = t;
                    }
                }
            }

            for (int t = 0; t < _tasks; t++)
            {
                weights[t] = _active[t] ? weights[t] + (fraction * (_candidate[t] - weights[t])) : 0;
            }

            if (leaving < 0)
            {
                return;
            }

            _active[leaving] = false;
            weights[leaving] = 0;
        }
    }

    /// <summary>Solves [C 1; 1^T 0] (y, ν) = (0, 1) over the active tasks by Gaussian elimination with partial pivoting.</summary>
    private void SolveAffine(ReadOnlySpan<double> gram)
    {
        Span<int> members = stackalloc int[_tasks];
        int count = 0;
        for (int t = 0; t < _tasks; t++)
        {
            if (_active[t])
            {
                members[count++] = t;
            }
        }

        int size = count + 1;
        int stride = size + 1;
        Span<double> system = _system.AsSpan(0, size * stride);
        system.Clear();
        double scale = 0;
        for (int i = 0; i < count; i++)
        {
            scale = Math.Max(scale, gram[(members[i] * _tasks) + members[i]]);
        }

        scale = scale > 0 ? scale : 1;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                system[(i * stride) + j] = gram[(members[i] * _tasks) + members[j]] / scale;
            }

            system[(i * stride) + count] = 1;
            system[(count * stride) + i] = 1;
        }

        system[(count * stride) + size] = 1;
        Eliminate(system, size, stride);
        Array.Clear(_candidate);
        for (int i = 0; i < count; i++)
        {
            _candidate[members[i]] = system[(i * stride) + size];
        }
    }

    /// <summary>Gauss-Jordan; a vanishing pivot (affinely dependent vectors) gives its unknown the value 0.</summary>
    private static void Eliminate(Span<double> system, int size, int stride)
    {
        for (int column = 0; column < size; column++)
        {
            Span<double> pivotRow = system.Slice(column * stride, stride);
            int pivot = column;
            for (int row = column + 1; row < size; row++)
            {
                pivot = Math.Abs(system[(row * stride) + column]) > Math.Abs(system[(pivot * stride) + column]) ? row : pivot;
            }

            Span<double> other = system.Slice(pivot * stride, stride);
            double value = other[column];
            double inverse = Math.Abs(value) > 1e-14 ? 1 / value : 0;
            for (int k = 0; k < stride; k++)
            {
                (pivotRow[k], other[k]) = (other[k], pivotRow[k]);
                pivotRow[k] *= inverse;
            }

            for (int row = 0; row < size; row++)
            {
                double factor = system[(row * stride) + column];
                for (int k = 0; row != column && k < stride; k++)
                {
                    system[(row * stride) + k] -= factor * pivotRow[k];
                }
            }
        }
    }
}
