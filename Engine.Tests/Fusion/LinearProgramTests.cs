using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class LinearProgramTests
{
    [Fact]
    public void TrySolve_WithoutRows_PicksTheLargestCoefficient()
    {
        LinearProgram program = new(3, 0);
        program.Begin([-2, -1, -3]);
        double[] solution = new double[3];
        Assert.True(program.TrySolve(solution));
        Assert.Equal([0.0, 1.0, 0.0], solution);
    }

    [Fact]
    public void TrySolve_NoFeasiblePoint_ReturnsFalseAndLeavesTheSolution()
    {
        LinearProgram program = new(2, 1);
        program.Begin([1, 1]);
        program.AddRow([-1, -2], -0.5);
        double[] solution = [7, 7];
        Assert.False(program.TrySolve(solution));
        Assert.Equal([7.0, 7.0], solution);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 5)]
    [InlineData(5, 4)]
    public void TrySolve_RandomPrograms_AgreesWithVertexEnumeration(int variables, int rows)
    {
        Random random = new((10 * variables) + rows);
        LinearProgram program = new(variables, rows);
        int feasible = 0;
        for (int trial = 0; trial < 100; trial++)
        {
            double[] objective = Draw(variables);
            double[][] matrix = [.. Enumerable.Range(0, rows).Select(_ => Draw(variables))];
            double[] bounds = [.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? 0 : -random.NextDouble())];
            program.Begin(objective);
            for (int row = 0; row < rows; row++)
            {
                program.AddRow(matrix[row], bounds[row]);
            }

            double[] solution = new double[variables];
            double? best = VertexEnumeration.Maximum(objective, matrix, bounds);
            Assert.Equal(best.HasValue, program.TrySolve(solution));
            if (best is double expected)
            {
                feasible++;
                Assert.Equal(expected, RouterOracle.Dot(objective, solution), 1e-8);
                Assert.Equal(1, solution.Sum(), 1e-12);
                Assert.All(solution, weight => Assert.True(weight >= 0));
                Assert.All(Enumerable.Range(0, rows), row => Assert.True(RouterOracle.Dot(matrix[row], solution) >= bounds[row] - 1e-8));
            }
        }

        Assert.InRange(feasible, 10, 100);

        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    [Fact]
    public void AddRow_PositiveBoundOrNoRoom_Throws()
    {
        LinearProgram program = new(2, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => program.AddRow([1, 1], 0.1));
        program.AddRow([1, 1], 0);
        Assert.Throws<InvalidOperationException>(() => program.AddRow([1, 1], 0));
    }
}
