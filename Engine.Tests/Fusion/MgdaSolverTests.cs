using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class MgdaSolverTests
{
    [Theory]
    [InlineData(1, 0.2, 0.5, 0.272727, 0.418182)]
    [InlineData(1, -0.6, 0.5, 0.407407, 0.051852)]
    [InlineData(1, 0.8, 0.5, 0.001, 0.5)]
    [InlineData(0.5, 0.6, 1, 0.999, 0.5)]
    public void Solve_Pair_FormulaWithClamps(double a, double b, double c, double gamma, double cost)
    {
        double[] weights = new double[2];
        Assert.Equal(cost, new MgdaSolver(2).Solve([a, b, b, c], weights), 1e-6);
        Assert.Equal(gamma, weights[0], 1e-6);
        Assert.Equal(1 - gamma, weights[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Solve_ThreeTasks_NearTheBruteForceMinimum(int seed)
    {
        double[] gram = RandomGram(new Random(seed), 3, 8);
        double best = double.PositiveInfinity;
        double[] minimiser = [];
        const int Edge = 400;
        for (int i = 0; i <= Edge; i++)
        {
            for (int j = 0; i + j <= Edge; j++)
            {
                double[] w = [(double)i / Edge, (double)j / Edge, (double)(Edge - i - j) / Edge];
                double norm = Norm(gram, w);
                (best, minimiser) = norm < best ? (norm, w) : (best, minimiser);
            }
        }

        double[] reference = new double[3];
        double[] exact = new double[3];
        new MgdaSolver(3).Solve(gram, reference);
        double minimum = new MinimumNormPoint(3).Solve(gram, exact);
        Assert.Equal(best, Norm(gram, reference), 1e-4 * best);
        Assert.InRange(minimum, best * (1 - 1e-3), best);
        Assert.All(Enumerable.Range(0, 3), t => Assert.Equal(minimiser[t], exact[t], 2.0 / Edge));
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    [InlineData(8, 40)]
    public void MinimumNormPoint_RandomGradients_SatisfiesOptimality(int tasks, int dimension)
    {
        Random random = new(tasks);
        MinimumNormPoint solver = new(tasks);
        for (int trial = 0; trial < 50; trial++)
        {
            double[] gram = RandomGram(random, tasks, dimension);
            double[] weights = new double[tasks];
            double norm = solver.Solve(gram, weights);
            double scale = Enumerable.Range(0, tasks).Max(t => gram[(t * tasks) + t]);
            Assert.Equal(1, weights.Sum(), 1e-9);
            Assert.All(weights, weight => Assert.True(weight >= 0));
            for (int t = 0; t < tasks; t++)
            {
                double product = RouterOracle.Dot(gram[(t * tasks)..((t + 1) * tasks)], weights);
                Assert.True(product >= norm - (1e-9 * scale), $"trial {trial}, task {t}: {product:R} < {norm:R}");
            }
        }
    }

    [Fact]
    public void MinimumNormPoint_EqualGradients_IsTheirNorm()
    {
        double[] weights = new double[3];
        Assert.Equal(2, new MinimumNormPoint(3).Solve([2, 2, 2, 2, 2, 2, 2, 2, 2], weights), 1e-12);
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

    [Fact]
    public void Solve_GramNotFinite_ThrowsAndSaysWhere()
    {
        double[] weights = new double[2];
        ArgumentException error = Assert.Throws<ArgumentException>(() => new MgdaSolver(2).Solve([1, 0, double.NaN, 1], weights));
        Assert.Contains("found NaN at [1, 0]", error.Message, StringComparison.Ordinal);
    }

    private static double Norm(double[] gram, double[] w) =>
        Enumerable.Range(0, w.Length).Sum(t => w[t] * RouterOracle.Dot(gram[(t * w.Length)..((t + 1) * w.Length)], w));

    private static double[] RandomGram(Random random, int tasks, int dimension)
    {
        double[][] g = [.. Enumerable.Range(0, tasks * dimension).Select(_ => random.NextDouble() - 0.3).Chunk(dimension)];
        return [.. g.SelectMany(a => g.Select(b => RouterOracle.Dot(a, b)))];
    }
}
