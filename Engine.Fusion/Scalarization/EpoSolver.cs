using System;

namespace Engine.Fusion;

/// <summary>
/// Exact Pareto optimal search (Mahapatra and Rajan, ICML 2020, section 4; used by PWEMoE, arXiv 2406.09770): task weights w on the simplex
/// whose descent direction Σ w_t ∇l_t lowers the losses and drives them onto the ray where all r_t l_t are equal.
/// Needs only the Gram matrix C of the task gradients. One linear program in T variables; storage is allocated once.
/// </summary>
public sealed class EpoSolver
{
    /// <summary>The reference's threshold between balance and dominance.</summary>
    public const double DefaultThreshold = 1e-4;

    private readonly int _tasks;
    private readonly double _threshold;
    private readonly LinearProgram _program;
    private readonly double[] _relative;
    private readonly double[] _adjustment;
    private readonly double[] _adjusted;
    private readonly double[] _columnSums;

    /// <summary>Reserves storage.</summary>
    /// <param name="tasks">T.</param>
    /// <param name="threshold">Largest non-uniformity μ at which the losses count as on the ray.</param>
    public EpoSolver(int tasks, double threshold = DefaultThreshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        _tasks = tasks;
        _threshold = threshold;
        _program = new LinearProgram(tasks, tasks + 1);
        _relative = new double[tasks];
        _adjustment = new double[tasks];
        _adjusted = new double[tasks];
        _columnSums = new double[tasks];
    }

    /// <summary>
    /// a of the last call: r_t (ln(T q_t) - μ), the direction in loss space that lowers μ fastest. Zero where a loss is zero.
    /// </summary>
    public ReadOnlySpan<double> Adjustment => _adjustment;

    /// <summary>
    /// Chooses the weights. Reference code multiplies them by T before weighting the losses; an optimiser like Adam does not care.
    /// </summary>
    /// <param name="losses">l [T], not negative.</param>
    /// <param name="preference">r [T], positive; a larger entry asks for a smaller loss.</param>
    /// <param name="gram">C [T, T], symmetric. Only its ratios matter.</param>
    /// <param name="weights">Receives w [T], on the simplex: r / Σ r after a fallback.</param>
    /// <returns>Mode, non-uniformity, objective, and whether and why the weights are a fallback.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or an input is not a finite number.</exception>
    public EpoResult Solve(ReadOnlySpan<double> losses, ReadOnlySpan<double> preference, ReadOnlySpan<double> gram, Span<double> weights)
    {
        RequireFinite(losses, _tasks, nameof(losses));
        RequireFinite(preference, _tasks, nameof(preference));
        GramMatrix.Require(gram, _tasks, weights.Length);
        Array.Clear(_adjustment);
        EpoFallback fallback = Unusable(losses, preference);
        if (fallback != EpoFallback.None)
        {
            return FallBack(preference, weights, 0, fallback);
        }

        double nonUniformity = Adjust(losses, preference);
        Multiply(gram, _adjustment, _adjusted);
        bool balance = nonUniformity > _threshold;
        if (balance)
        {
            PrepareBalance(gram);
        }
        else
        {
            PrepareDominance(gram);
        }

        if (!_program.TrySolve(weights))
        {
            return FallBack(preference, weights, nonUniformity, EpoFallback.Infeasible);
        }

        ReadOnlySpan<double> objective = balance ? _adjusted : _columnSums;
        double optimum = WideningLoops.Dot(objective, weights);
        return new EpoResult(balance ? EpoMode.Balance : EpoMode.Dominance, nonUniformity, optimum, EpoFallback.None);
    }

    private static EpoFallback Unusable(ReadOnlySpan<double> losses, ReadOnlySpan<double> preference)
    {
        double sum = 0;
        for (int t = 0; t < losses.Length; t++)
        {
            if (preference[t] < 0)
            {
                throw new ArgumentException($"The preference is not negative, found {preference[t]:R} at [{t}].", nameof(preference));
            }

            if (losses[t] < 0)
            {
                return EpoFallback.LossSign;
            }

            sum += losses[t];
        }

        return preference.Contains(0.0) ? EpoFallback.ZeroPreference : sum > 0 ? EpoFallback.None : EpoFallback.LossSign;
    }

    private static EpoResult FallBack(ReadOnlySpan<double> preference, Span<double> weights, double nonUniformity, EpoFallback reason)
    {
        double sum = 0;
        foreach (double entry in preference)
        {
            sum += entry;
        }

        if (!(sum > 0))
        {
            throw new ArgumentException("The preference has a positive entry, found only zeros.", nameof(preference));
        }

        for (int t = 0; t < weights.Length; t++)
        {
            weights[t] = preference[t] / sum;
        }

        return new EpoResult(EpoMode.Preference, nonUniformity, 0, reason);
    }

    private static void RequireFinite(ReadOnlySpan<double> values, int expected, string name)
    {
        if (values.Length != expected)
        {
            throw new ArgumentException($"EPO: '{name}' has {expected} entries, found {values.Length}.", name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"EPO: '{name}' has finite entries, found {values[i]} at [{i}].", name);
            }
        }
    }

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> product)
    {
        for (int t = 0; t < vector.Length; t++)
        {
            product[t] = WideningLoops.Dot(matrix.Slice(t * vector.Length, vector.Length), vector);
        }
    }

    /// <summary>Fills r l and a; returns μ.</summary>
    private double Adjust(ReadOnlySpan<double> losses, ReadOnlySpan<double> preference)
    {
        double sum = 0;
        for (int t = 0; t < _tasks; t++)
        {
            _relative[t] = preference[t] * losses[t];
            sum += _relative[t];
        }

        double nonUniformity = Uniformity.Divergence(_relative, sum);
        for (int t = 0; t < _tasks; t++)
        {
            double share = _relative[t] / sum;
            _adjustment[t] = share > 0 ? preference[t] * (Math.Log(share * _tasks) - nonUniformity) : 0;
        }

        return nonUniformity;
    }

    /// <summary>
    /// maximise w . Ca. The worst relative losses may not rise; losses with (Ca)_j > 0 are free; the others may rise no faster than along
    /// the balancing direction itself. If no (Ca)_j is positive, none may rise.
    /// </summary>
    private void PrepareBalance(ReadOnlySpan<double> gram)
    {
        double worst = double.NegativeInfinity;
        double largest = double.NegativeInfinity;
        for (int t = 0; t < _tasks; t++)
        {
            worst = Math.Max(worst, _relative[t]);
            largest = Math.Max(largest, _adjusted[t]);
        }

        _program.Begin(_adjusted);
        for (int t = 0; t < _tasks; t++)
        {
            bool isWorst = _relative[t] == worst;
            if (isWorst || largest <= 0)
            {
                _program.AddRow(gram.Slice(t * _tasks, _tasks), 0);
            }
            else if (_adjusted[t] <= 0)
            {
                _program.AddRow(gram.Slice(t * _tasks, _tasks), _adjusted[t]);
            }
        }
    }

    /// <summary>maximise Σ (C w)_j, no loss rises, and (restricted form) w . Ca ≥ min(max_j (Ca)_j, 0).</summary>
    private void PrepareDominance(ReadOnlySpan<double> gram)
    {
        double largest = double.NegativeInfinity;
        for (int t = 0; t < _tasks; t++)
        {
            _columnSums[t] = 0;
            for (int s = 0; s < _tasks; s++)
            {
                _columnSums[t] += gram[(s * _tasks) + t];
            }

            largest = Math.Max(largest, _adjusted[t]);
        }

        _program.Begin(_columnSums);
        for (int t = 0; t < _tasks; t++)
        {
            _program.AddRow(gram.Slice(t * _tasks, _tasks), 0);
        }

        _program.AddRow(_adjusted, Math.Min(largest, 0));
    }
}
