using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

public sealed class GemmEpilogueTests
{
    // A few rows; one tile with tails; several blocks of k, whose partial sums wait outside C.
    private static readonly (int M, int N, int K)[] Sizes =
    [
        (2, 19, 11), (23, 45, 11), (16, 64, 8), (9, 33, 0), (31, 70, GemmBlocking.DepthBlock + 100),
        (GemmBlocking.FewRows + 5, 18, GemmBlocking.DepthBlock + 1),
    ];

    public static TheoryData<HostIsa> Isas => HostIsas.All;

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_Bias_IsAddedToEveryRow(HostIsa isa) =>
        Run(isa, problem => problem.Args with { Bias = problem.Vector("bias", problem.Args.N) });

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_AccumulateAndBiasAndPreActivation_StoresSumBeforeActivation(HostIsa isa) =>
        Run(isa, problem => problem.Args with
        {
            Accumulate = true,
            Bias = problem.Vector("bias", problem.Args.N),
            PreActivation = problem.Matrix("pre", problem.Args.M, problem.Args.N),
        });

    [Theory]
    [InlineData(HostIsa.Portable)]
    [InlineData(HostIsa.Avx2)]
    [InlineData(HostIsa.Avx512)]
    public void Gemm_Activations_FollowBias(HostIsa isa)
    {
        foreach (Activation activation in new[] { Activation.GeluErf, Activation.GeluTanh, Activation.QuickGelu })
        {
            Run(isa, problem => problem.Args with
            {
                Bias = problem.Vector("bias", problem.Args.N),
                Activation = activation,
                PreActivation = problem.Matrix("pre", problem.Args.M, problem.Args.N),
            });
        }
    }

    [Theory]
    [InlineData(HostIsa.Portable)]
    [InlineData(HostIsa.Avx2)]
    [InlineData(HostIsa.Avx512)]
    public void Gemm_ActivationGradient_MultipliesBySlope(HostIsa isa)
    {
        foreach (Activation activation in new[] { Activation.GeluErf, Activation.GeluTanh, Activation.QuickGelu })
        {
            Run(isa, problem => problem.Args with
            {
                ActivationGradient = activation,
                ActivationGradientInput = problem.Matrix("pre", problem.Args.M, problem.Args.N),
            });
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_Residual_IsAddedLast(HostIsa isa) =>
        Run(isa, problem => problem.Args with
        {
            Bias = problem.Vector("bias", problem.Args.N),
            Residual = problem.Matrix("residual", problem.Args.M, problem.Args.N),
        });

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_ResidualIsC_AddsOldC(HostIsa isa)
    {
        Run(isa, problem => problem.Args with { Residual = problem.Args.C });
        Run(isa, problem => problem.Args with { Residual = problem.Args.C, Bias = problem.Vector("bias", problem.Args.N) });
        Run(isa, problem => problem.Args with { Residual = problem.Args.C, Accumulate = true });
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Gemm_EverythingAtOnceWithResidualC_FollowsDocumentedOrder(HostIsa isa) =>
        Run(isa, problem => problem.Args with
        {
            Accumulate = true,
            Bias = problem.Vector("bias", problem.Args.N),
            PreActivation = problem.Matrix("pre", problem.Args.M, problem.Args.N),
            Activation = Activation.GeluTanh,
            ActivationGradient = Activation.QuickGelu,
            ActivationGradientInput = problem.Matrix("gradient input", problem.Args.M, problem.Args.N),
            Residual = problem.Args.C,
        });

    private static void Run(HostIsa isa, System.Func<GemmProblem, GemmArgs> options)
    {
        using HostBackend backend = HostIsas.Create(isa);
        foreach ((int m, int n, int k) in Sizes)
        {
            using GemmProblem problem = new(m, n, k, transposeB: n % 2 == 1, gap: 3);
            problem.Args = options(problem);
            problem.RunAndCompare(backend);
        }
    }
}
