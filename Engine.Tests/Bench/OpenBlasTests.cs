using System;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>The yardstick computes the same products as the engine.</summary>
public sealed class OpenBlasTests
{
    [Theory]
    [InlineData("Gemm nn 28x64x32 gaps unaligned")]
    [InlineData("Gemm nt 50x33x17 gaps unaligned")]
    [InlineData("Gemm tn 13x31x29 gaps unaligned")]
    [InlineData("Gemm tt 12x48x100")]
    public void Gemm_OperandsOfACase_GivesTheCasesProduct(string name)
    {
        Assert.SkipUnless(OpenBlas.IsInstalled, "OpenBLAS is not installed.");
        using HostBackend backend = new(threads: 1);
        using PreparedCase prepared = new(OpCases.Find(name), backend);
        GemmArgs args = Assert.NotNull(prepared.Product);
        prepared.Run();
        double[] expected = Array.ConvertAll(GemmProblem.Read(args.C), value => (double)value);
        prepared.Reset();

        OpenBlas.TryLoad(threads: 1)!.Gemm(args);

        GemmProblem.AssertClose(expected, GemmProblem.Read(args.C), GemmProblem.Tolerance(args.K));
    }
}
