using System;

namespace Engine.Fusion;

/// <summary>
/// Multiple-gradient descent (Sener and Koltun, NeurIPS 2018, algorithms 1 and 2), as the PWEMoE reference runs it: task weights w on the
/// simplex that nearly minimise |Σ w_t ∇l_t|^2 = w^T C w. Two tasks have a formula, clamped to [0.001, 0.999] so that no task is ever
/// dropped; three or more start from the best pair and take projected-gradient steps with an exact line search.
/// For the exact minimum see <see cref="MinimumNormPoint"/>.
/// </summary>
public sealed class MgdaSolver
{
    private const int MaxIterations = 250;
    private const double StopChange = 1e-5;
    private const double ShortestStep = 1e-7;
    private const double Clamp = 0.001;

    private readonly int _tasks;
    private readonly double[] _direction;
    private readonly double[] _next;
    private readonly double[] _scratch;

    /// <summary>Reserves storage.</summary>
    /// <param name="tasks">T, at least 2.</param>
    public MgdaSolver(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 2);
        _tasks = tasks;
        _direction = new double[tasks];
        _next = new double[tasks];
        _scratch = new double[tasks];
    }

    /// <summary>The point of least norm on the segment between two vectors.</summary>
    /// <param name="firstNorm">⟨x1, x1⟩.</param>
    /// <param name="product">⟨x1, x2⟩.</param>
    /// <param name="secondNorm">⟨x2, x2⟩.</param>
    /// <returns>γ, the weight of x1, clamped to [0.001, 0.999], and the squared norm; at an end, of that vector alone.</returns>
    public static (double Gamma, double Cost) Pair(double firstNorm, double product, double secondNorm)
    {
        if (product >= firstNorm)
        {
            return (1 - Clamp, firstNorm);
        }

        if (product >= secondNorm)
        {
            return (Clamp, secondNorm);
        }

        double gamma = (secondNorm - product) / (firstNorm + secondNorm - (2 * product));
        return (gamma, secondNorm + (gamma * (product - secondNorm)));
    }

    /// <summary>Chooses the weights.</summary>
    /// <param name="gram">C [T, T], symmetric.</param>
    /// <param name="weights">Receives w [T].</param>
    /// <returns>The squared norm of the last line search.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the Gram matrix has an entry that is not finite.</exception>
    public double Solve(ReadOnlySpan<double> gram, Span<double> weights)
    {
        GramMatrix.Require(gram, _tasks, weights.Length);
        double cost = BestPair(gram, weights);
        if (_tasks == 2)
        {
            return cost;
        }

        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            NextPoint(gram, weights);
            double gamma;
            (gamma, cost) = Pair(
                GramMatrix.Product(gram, weights, weights),
                GramMatrix.Product(gram, weights, _next),
                GramMatrix.Product(gram, _next, _next));
            double change = 0;
            for (int t = 0; t < _tasks; t++)
            {
                _next[t] = (gamma * weights[t]) + ((1 - gamma) * _next[t]);
                change += Math.Abs(_next[t] - weights[t]);
            }

            if (change < StopChange)
            {
                break;
            }

            _next.CopyTo(weights);
        }

        return cost;
    }

    private double BestPair(ReadOnlySpan<double> gram, Span<double> weights)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < _tasks; i++)
        {
            for (int j = i + 1; j < _tasks; j++)
            {
                (double gamma, double cost) = Pair(gram[(i * _tasks) + i], gram[(i * _tasks) + j], gram[(j * _tasks) + j]);
                if (cost < best)
                {
                    best = cost;
                    weights.Clear();
                    weights[i] = gamma;
                    weights[j] = 1 - gamma;
                }
            }
        }

        return best;
    }

    /// <summary>One step along the projected negative gradient, to the first face of the simplex, then back onto the simplex.</summary>
    private void NextPoint(ReadOnlySpan<double> gram, ReadOnlySpan<double> weights)
    {
        double mean = 0;
        for (int t = 0; t < _tasks; t++)
        {
            _direction[t] = -WideningLoops.Dot(gram.Slice(t * _tasks, _tasks), weights);
            mean += _direction[t] / _tasks;
        }

        double toZero = double.PositiveInfinity;
        double toOne = double.PositiveInfinity;
        for (int t = 0; t < _tasks; t++)
        {
            _direction[t] -= mean;
            if (_direction[t] < 0 && -weights[t] / _direction[t] is > ShortestStep and double zero)
            {
                toZero = Math.Min(toZero, zero);
            }
            else if (_direction[t] > 0 && (1 - weights[t]) / _direction[t] is > ShortestStep and double one)
            {
                toOne = Math.Min(toOne, one);
            }
        }

        double step = Math.Min(double.IsFinite(toZero) ? toZero : 1, toOne);
        for (int t = 0; t < _tasks; t++)
        {
            _next[t] = weights[t] + (step * _direction[t]);
        }

        SimplexProjection.Project(_next, _scratch);
    }
}
