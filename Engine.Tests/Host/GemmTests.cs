using System;
using System.Numerics;
using System.Runtime.InteropServices;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

public sealed class GemmTests
{
    private static readonly (bool A, bool B)[] Transposes = [(false, false), (false, true), (true, false), (true, true)];

    public static TheoryData<HostIsa> Isas => HostIsas.All;

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_EveryTailOfRowsAndColumns_MatchesDoubleLoop(HostIsa isa)
    {
        using HostBackend backend = HostIsas.Create(isa);
        for (int size = 1; size <= 35; size++)
        {
            foreach ((bool transposeA, bool transposeB) in Transposes)
            {
                using GemmProblem rows = new(size, 1 + (size * 7 % 67), 5, transposeA, transposeB, gap: size % 3);
                rows.RunAndCompare(backend);
                using GemmProblem columns = new(1 + (size * 5 % 31), size, 18, transposeA, transposeB);
                columns.RunAndCompare(backend);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_EveryTailOfDepth_MatchesDoubleLoop(HostIsa isa)
    {
        using HostBackend backend = HostIsas.Create(isa);
        for (int depth = 0; depth <= 37; depth++)
        {
            foreach ((bool transposeA, bool transposeB) in Transposes)
            {
                using GemmProblem block = new(17, 37, depth, transposeA, transposeB, gap: 3);
                block.RunAndCompare(backend);
                using GemmProblem few = new(3, 29, depth, transposeA, transposeB, gap: 1);
                few.RunAndCompare(backend);
            }
        }
    }

    [Theory]
    [InlineData(130, 300, 40)]
    [InlineData(50, 40, GemmBlocking.DepthBlock + 30)]
    [InlineData(29, 75, GemmBlocking.DepthBlock + 1)]
    [InlineData(230, 65, 100)]
    [InlineData(4, 1500, 30)]
    [InlineData(GemmBlocking.FewRows, 40, 50)]
    [InlineData(GemmBlocking.FewRows + 1, 300, 20)]
    [InlineData(GemmBlocking.FewRows + 1, 20, GemmBlocking.DepthBlock + 2)]
    [InlineData(GemmBlocking.FewRowsOfShallow + 1, 40, 5)]
    [InlineData(15, 5000, GemmBlocking.DepthBlock + 1)]
    [InlineData(1, 40, 3001)]
    public void Gemm_SeveralTilesAndDepthBlocks_MatchesDoubleLoop(int m, int n, int k)
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            using GemmProblem problem = new(m, n, k, transposeA, transposeB, gap: 5);
            (double[] c, double[] preActivation) = problem.Expected();
            for (HostIsa isa = HostIsa.Portable; isa <= HostIsaProbe.Best; isa++)
            {
                using HostBackend backend = new(2, isa);
                problem.RunAndCompare(backend, c, preActivation);
            }
        }
    }

    [Theory]
    [InlineData(300, 150, 40)]
    [InlineData(100, 150, 40)]
    [InlineData(270, 33, 500)]
    public void Gemm_OperandsLargerThanPackedBlock_MatchesDoubleLoop(int m, int n, int k)
    {
        using WorkerPool pool = new(2);
        using HostWorkspace workspace = new();
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            using GemmProblem problem = new(m, n, k, transposeA, transposeB);
            problem.Args = problem.Args with { Bias = problem.Vector("bias", n), Residual = problem.Matrix("residual", m, n) };
            (double[] c, _) = problem.Expected();
            GemmDriver<PortableIsa, Vector<float>>.Run(pool, workspace, HostBackend.Operands(problem.Args), packedFloats: 2000);
            GemmProblem.AssertClose(c, GemmProblem.Read(problem.Args.C), GemmProblem.Tolerance(k));
            problem.AssertGuardsIntact();
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_Accumulate_AddsToC(HostIsa isa)
    {
        using HostBackend backend = HostIsas.Create(isa);
        foreach ((int m, int n, int k) in new[] { (3, 21, 9), (20, 21, 9), (20, 64, GemmBlocking.DepthBlock + 5) })
        {
            using GemmProblem problem = new(m, n, k, gap: 2);
            problem.Args = problem.Args with { Accumulate = true };
            problem.RunAndCompare(backend);
        }
    }

    [Fact]
    public void Gemm_SizeZero_DoesNothing()
    {
        using HostBackend backend = new(2);
        using GemmProblem noRows = new(0, 5, 5);
        noRows.RunAndCompare(backend);
        using GemmProblem noColumns = new(5, 0, 5);
        noColumns.RunAndCompare(backend);
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_AnyNumberOfThreads_GivesEqualBits(HostIsa isa)
    {
        foreach ((int m, int n, int k) in new[] { (280, 60, 400), (30, 64, GemmBlocking.DepthBlock + 9), (4, 700, 100), (2, 333, 300) })
        {
            foreach ((bool transposeA, bool transposeB) in Transposes)
            {
                using GemmProblem problem = new(m, n, k, transposeA, transposeB);
                float[]? first = null;
                for (int threads = 1; threads <= 3; threads++)
                {
                    using HostBackend backend = HostIsas.Create(isa, threads);
                    backend.Gemm(problem.Args);
                    float[] result = GemmProblem.Read(problem.Args.C);
                    first ??= result;
                    Assert.True(MemoryMarshal.AsBytes(first.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(result.AsSpan())));
                }
            }
        }
    }

    [Fact]
    public void Gemm_AfterWarmUp_AllocatesNothing()
    {
        using HostBackend backend = new(2);
        using GemmProblem block = new(100, 200, 300);
        using GemmProblem few = new(2, 2000, 300, transposeB: true);
        using GemmProblem sums = new(1, 200, 1);
        AllocationAssert.None(Step);

        void Step()
        {
            backend.Gemm(block.Args);
            backend.Gemm(few.Args);
            backend.SumRows(block.Args.C, sums.Args.C);
        }
    }

    [Fact]
    public void Gemm_WrongShape_NamesOperand()
    {
        using HostBackend backend = new(1);
        using GemmProblem problem = new(4, 5, 6);
        problem.Args = problem.Args with { B = problem.Matrix("weight", 6, 7) };
        OperandException exception = Assert.Throws<OperandException>(() => backend.Gemm(problem.Args));
        Assert.Contains("'weight'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gemm_Float64_IsRefused()
    {
        using HostBackend backend = new(1);
        using Arena arena = backend.CreateArena("doubles", 1024);
        TensorRef square = arena.Allocate("square", DType.F64, new Shape(2, 2));
        TensorRef result = arena.Allocate("result", DType.F64, new Shape(2, 2));
        OperandException exception = Assert.Throws<OperandException>(
            () => backend.Gemm(new GemmArgs { A = square, B = square, C = result }));
        Assert.Contains("F32", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gemm_BFloat16_IsForBOnly()
    {
        using HostBackend backend = new(1);
        using Arena arena = backend.CreateArena("stored", 1024);
        TensorRef stored = arena.Allocate("stored", DType.BF16, new Shape(2, 2));
        TensorRef half = arena.Allocate("half", DType.F16, new Shape(2, 2));
        TensorRef single = arena.Allocate("single", DType.F32, new Shape(2, 2));
        AssertRefused(new GemmArgs { A = stored, B = single, C = single }, "operand 'A' 'stored' BF16 [2, 2]: expected dtype F32.");
        AssertRefused(new GemmArgs { A = single, B = single, C = stored }, "computes in F32 or F64, found BF16.");
        AssertRefused(new GemmArgs { A = single, B = half, C = single }, "operand 'B' 'half' F16 [2, 2]: expected dtype F32 or BF16.");

        void AssertRefused(GemmArgs args, string problem)
        {
            OperandException exception = Assert.Throws<OperandException>(() => backend.Gemm(args));
            Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        }
    }
}
