using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class EpoSolverTests
{
    public static TheoryData<double[], double[], double[], double, EpoMode, double[]> Table => new()
    {
        { [0.9, 0.3], [1, 0.2, 0.2, 0.5], [0.5, 0.5], 0.130812, EpoMode.Balance, [1, 0] },
        { [0.9, 0.3], [1, -0.6, -0.6, 0.5], [0.5, 0.5], 0.130812, EpoMode.Balance, [0.716714, 0.283286] },
        { [0.4, 0.4], [1, 0.2, 0.2, 0.5], [0.5, 0.5], 0, EpoMode.Dominance, [1, 0] },
        {
            [1, 0.5, 0.25], [2, 0.3, -0.2, 0.3, 1, 0.1, -0.2, 0.1, 0.8], [0.2, 0.3, 0.5], 0.019083, EpoMode.Balance,
            [0.912964, 0, 0.087036]
        },
        {
            [0.3, 0.9, 0.6], [1, -0.5, 0.1, -0.5, 1, -0.4, 0.1, -0.4, 1], [1.0 / 3, 1.0 / 3, 1.0 / 3], 0.087208, EpoMode.Balance,
            [0.042230, 0.756792, 0.200978]
        },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Solve_EnumeratedPrograms_GivesTheirOptimum(
        double[] losses, double[] gram, double[] preference, double nonUniformity, EpoMode mode, double[] expected)
    {
        // Every constraint is homogeneous in the Gram matrix; 1e-9 is where solvers with absolute tolerances give up.
        foreach (double scale in new[] { 1, 1e-9, 1e9 })
        {
            double[] weights = new double[losses.Length];
            double[] scaled = [.. gram.Select(entry => entry * scale)];
            EpoResult result = new EpoSolver(losses.Length).Solve(losses, preference, scaled, weights);
            Assert.Equal(mode, result.Mode);
            Assert.Equal(EpoFallback.None, result.Fallback);
            Assert.Equal(nonUniformity, result.NonUniformity, 1e-6);
            Assert.Equal(1, weights.Sum(), 1e-12);
            for (int t = 0; t < expected.Length; t++)
            {
                Assert.Equal(expected[t], weights[t], 1e-6);
            }
        }
    }

    [Fact]
    public void Solve_ZeroPreferenceEntry_FallsBackToThePreference()
    {
        double[] weights = new double[2];
        EpoResult result = new EpoSolver(2).Solve([0.5, 0.7], [2, 0], [1, 0.2, 0.2, 0.5], weights);
        Assert.Equal(new EpoResult(EpoMode.Preference, 0, 0, EpoFallback.ZeroPreference), result);
        Assert.Equal([1.0, 0.0], weights);
    }

    [Fact]
    public void Solve_OneLossZero_StaysFinite()
    {
        double[] weights = new double[2];
        EpoResult result = new EpoSolver(2).Solve([0.5, 0], [0.5, 0.5], [1, -0.2, -0.2, 0.5], weights);
        Assert.Equal(EpoMode.Balance, result.Mode);
        Assert.Equal(Math.Log(2), result.NonUniformity, 1e-12);
        Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
    }

    [Theory]
    [InlineData(-0.1, 0.5)]
    [InlineData(0, 0)]
    public void Solve_LossesWithoutShares_FallsBackAndSaysWhy(double first, double second)
    {
        double[] weights = new double[2];
        EpoResult result = new EpoSolver(2).Solve([first, second], [0.25, 0.75], [1, 0, 0, 1], weights);
        Assert.Equal(EpoFallback.LossSign, result.Fallback);
        Assert.Equal([0.25, 0.75], weights);
    }

    [Fact]
    public void Solve_LossNotANumber_ThrowsAndNamesIt()
    {
        double[] weights = new double[2];
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new EpoSolver(2).Solve([0.5, double.NaN], [0.5, 0.5], [1, 0, 0, 1], weights));
        Assert.Contains("'losses' has finite entries, found NaN at [1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_OpposedGradientsOnTheRay_FindsTheOnlyFeasiblePoint()
    {
        // g1 = -2 g2: C w ≥ 0 holds at w = (1/3, 2/3) alone, where the descent direction vanishes.
        double g = Math.Sqrt(0.3);
        double[] weights = new double[2];
        EpoResult result = new EpoSolver(2).Solve([0.4, 0.4], [0.5, 0.5], [4 * g * g, -2 * g * g, -2 * g * g, g * g], weights);
        Assert.Equal(EpoMode.Dominance, result.Mode);
        Assert.Equal(1.0 / 3, weights[0], 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Solve_OneParameterModelsOnTheRay_FindsWeightsWithoutAscent(int tasks)
    {
        // Gradients of one parameter with both signs: a Gram matrix of rank one, feasible only where they cancel, up to rounding.
        Random random = new(tasks);
        EpoSolver solver = new(tasks);
        double[] equal = [.. Enumerable.Repeat(1.0 / tasks, tasks)];
        double[] weights = new double[tasks];
        for (int trial = 0; trial < 300; trial++)
        {
            double[] g = [.. Enumerable.Range(0, tasks).Select(t => Sign(t) * (0.01 + random.NextDouble()))];
            double[] gram = [.. g.SelectMany(a => g.Select(b => a * b * (1 + (1e-15 * random.NextDouble()))))];
            EpoResult result = solver.Solve(equal, equal, gram, weights);
            Assert.Equal(EpoMode.Dominance, result.Mode);
            Assert.Equal(0, RouterOracle.Dot(weights, g), 1e-9);
        }

        int Sign(int task) => task switch { 0 => -1, 1 => 1, _ => random.Next(-1, 2) };
    }

    [Fact]
    public void Solve_Repeatedly_DoesNotAllocate()
    {
        EpoSolver solver = new(3);
        double[] losses = [1, 0.5, 0.25];
        double[] preference = [0.2, 0.3, 0.5];
        double[] gram = [2, 0.3, -0.2, 0.3, 1, 0.1, -0.2, 0.1, 0.8];
        double[] weights = new double[3];
        AllocationAssert.None(() => solver.Solve(losses, preference, gram, weights));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.4)]
    [InlineData(0.7)]
    public void Descent_ConcaveToy_EpoReachesTheRayWhereLinearScalarizationEndsAtACorner(double first)
    {
        double[] preference = [first, 1 - first];
        ConcaveToy epo = new([0.4, -0.3, 0.1]);
        ConcaveToy linear = new([0.4, -0.3, 0.1]);
        EpoSolver solver = new(2);
        double[] weights = new double[2];
        for (int step = 0; step < 600; step++)
        {
            solver.Solve(epo.Losses(), preference, epo.Gram(), weights);
            epo.Step(weights, 0.05);
            linear.Step(preference, 0.05);
        }

        Assert.InRange(solver.Solve(epo.Losses(), preference, epo.Gram(), weights).NonUniformity, 0, 1e-3);
        Assert.True(linear.Losses().Min() < 0.01 && linear.Losses().Max() > 0.95, "linear scalarization ends at a corner of the front");
    }

    /// <summary>l = 1 - exp(-|x -+ 1/sqrt(n)|^2), the two concave losses of the EPO paper's toy.</summary>
    private sealed class ConcaveToy(double[] start)
    {
        private readonly double[] _x = [.. start];

        public double[] Losses() => [Loss(1), Loss(-1)];

        public double[] Gram()
        {
            double[][] g = [Gradient(1), Gradient(-1)];
            return [.. g.SelectMany(a => g.Select(b => RouterOracle.Dot(a, b)))];
        }

        public void Step(double[] weights, double rate)
        {
            double[] first = Gradient(1);
            double[] second = Gradient(-1);
            for (int i = 0; i < _x.Length; i++)
            {
                _x[i] -= rate * ((weights[0] * first[i]) + (weights[1] * second[i]));
            }
        }

        private double Loss(int sign) => 1 - Math.Exp(-_x.Sum(x => Math.Pow(x - (sign / Math.Sqrt(_x.Length)), 2)));

        private double[] Gradient(int sign) => [.. _x.Select(x => 2 * (x - (sign / Math.Sqrt(_x.Length))) * (1 - Loss(sign)))];
    }
}
