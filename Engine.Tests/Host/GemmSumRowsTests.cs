using System;
using System.Runtime.InteropServices;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

public sealed class GemmSumRowsTests
{
    public static TheoryData<HostIsa> Isas => HostIsas.All;

    [Theory]
    [MemberData(nameof(Isas))]
    public void SumRows_ManySizes_MatchesDoubleLoop(HostIsa isa)
    {
        using HostBackend backend = HostIsas.Create(isa);
        foreach (int rows in new[] { 0, 1, 2, 3, 4, 5, 31, 64, 67, 515 })
        {
            foreach (int columns in new[] { 1, 7, 16, 33, 300 })
            {
                foreach (bool accumulate in new[] { false, true })
                {
                    using GemmProblem problem = new(rows, columns, 1, gap: 3);
                    TensorRef x = problem.Args.C;
                    TensorRef sums = problem.Vector("sums", columns);
                    double[] expected = Array.ConvertAll(GemmProblem.Read(sums), value => accumulate ? (double)value : 0);
                    float[] values = GemmProblem.Read(x);
                    for (int i = 0; i < values.Length; i++)
                    {
                        expected[i % columns] += values[i];
                    }

                    backend.SumRows(x, sums, accumulate);
                    GemmProblem.AssertClose(expected, GemmProblem.Read(sums), 2e-6 * Math.Sqrt(rows + 1.0));
                    problem.AssertGuardsIntact();
                }
            }
        }
    }

    [Fact]
    public void SumRows_AnyNumberOfThreads_GivesEqualBits()
    {
        using GemmProblem problem = new(700, 333, 1);
        TensorRef sums = problem.Vector("sums", 333);
        float[]? first = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            using HostBackend backend = new(threads);
            backend.SumRows(problem.Args.C, sums);
            float[] result = GemmProblem.Read(sums);
            first ??= result;
            Assert.True(MemoryMarshal.AsBytes(first.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(result.AsSpan())));
        }
    }

    [Fact]
    public void SumRows_WrongLength_NamesOperand()
    {
        using HostBackend backend = new(1);
        using GemmProblem problem = new(4, 5, 6);
        OperandException exception = Assert.Throws<OperandException>(
            () => backend.SumRows(problem.Args.C, problem.Vector("bias gradient", 4)));
        Assert.Contains("'bias gradient'", exception.Message, StringComparison.Ordinal);
    }
}
