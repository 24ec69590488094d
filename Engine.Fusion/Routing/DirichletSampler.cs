using System;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// One random preference per training step, from the symmetric Dirichlet distribution: Gamma(α) numbers (Marsaglia and Tsang, ACM TOMS
/// 2000) divided by their sum. Step k always gets the same preference, so an interrupted training continues with the right one.
/// </summary>
public sealed class DirichletSampler
{
    /// <summary>Smallest entry before renormalisation: EPO needs positive preferences, and small α underflows in float32.</summary>
    public const double SmallestEntry = 1e-6;

    // Away from the streams of other uses of the seed; step numbers are added to it.
    private const ulong StreamTag = 0x4469726963686C74;

    private readonly ulong _seed;
    private readonly double _alpha;
    private readonly double[] _logarithms;

    /// <summary>Prepares a sampler.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="tasks">T.</param>
    /// <param name="alpha">α: 1 is uniform on the simplex, less prefers its corners, more its centre.</param>
    /// <exception cref="ArgumentOutOfRangeException">No task, or α is not positive and finite.</exception>
    public DirichletSampler(ulong seed, int tasks, double alpha = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        if (!(alpha > 0) || !double.IsFinite(alpha))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The concentration is positive and finite.");
        }

        _seed = seed;
        _alpha = alpha;
        _logarithms = new double[tasks];
    }

    /// <summary>Draws the preference of a step.</summary>
    /// <param name="step">The step's number, from 0.</param>
    /// <param name="preference">Receives r [T]: positive, sum 1.</param>
    public void Sample(long step, Span<float> preference)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (preference.Length != _logarithms.Length)
        {
            throw new ArgumentException($"A preference has {_logarithms.Length} entries, found {preference.Length}.", nameof(preference));
        }

        CounterRandom random = new(_seed, StreamTag + (ulong)step);
        double largest = double.NegativeInfinity;
        for (int t = 0; t < _logarithms.Length; t++)
        {
            _logarithms[t] = LogGamma(random, (ulong)t << 32);
            largest = Math.Max(largest, _logarithms[t]);
        }

        Normalise(preference, largest);
    }

    private void Normalise(Span<float> preference, double largest)
    {
        double sum = 0;
        foreach (double logarithm in _logarithms)
        {
            sum += Math.Exp(logarithm - largest);
        }

        double clampedSum = 0;
        for (int t = 0; t < _logarithms.Length; t++)
        {
            _logarithms[t] = Math.Max(Math.Exp(_logarithms[t] - largest) / sum, SmallestEntry);
            clampedSum += _logarithms[t];
        }

        for (int t = 0; t < preference.Length; t++)
        {
            preference[t] = (float)(_logarithms[t] / clampedSum);
        }
    }

    /// <summary>
    /// ln of a Gamma(α) number by rejection, as logarithm because small α underflows. For α &lt; 1 it is Gamma(α + 1) U^(1/α).
    /// </summary>
    private double LogGamma(in CounterRandom random, ulong index)
    {
        double boost = 0;
        double shape = _alpha;
        if (shape < 1)
        {
            boost = Math.Log(1 - random.Uniform(index)) / shape;
            index += 4;
            shape++;
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);

        // Two numbers of one attempt come from different blocks of the generator: they are independent.
        for (; ; index += 4)
        {
            double x = random.Normal(index);
            double v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(1 - random.Uniform(index + 2)) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return boost + Math.Log(d * v);
            }
        }
    }
}
