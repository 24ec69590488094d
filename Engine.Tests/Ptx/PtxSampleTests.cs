using System;
using System.Collections.Generic;
using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Whole kernels compute what they should, and nothing is found in them.</summary>
public sealed class PtxSampleTests
{
    [Fact]
    public void Axpy4_ExternFunction_IsAnErrorButRunsWithAStandIn()
    {
        float[] x = PtxSamples.Numbers(1024, seed: 1);
        float[] y = PtxSamples.Numbers(1024, seed: 2);
        PtxDevice device = new();
        Dictionary<string, Func<ulong[], ulong>> externals = new()
        {
            ["FusedMultiplyAdd"] = a => BitConverter.SingleToUInt32Bits(MathF.FusedMultiplyAdd(Single(a[0]), Single(a[1]), Single(a[2]))),
        };
        CompiledKernel kernel = KernelCompiler.Compile(PtxModule.Parse(PtxSamples.Text("Axpy4")), device.Memory, "Kernel_Axpy4", externals);
        ulong result = device.Memory.Upload<float>(y);

        LaunchReport report = device.Run(
            kernel, new Dim3(1), new Dim3(256), new LaunchOptions { IgnoreErrors = true }, 0,
            PtxSamples.View(device, x), KernelArgument.View(result, y.Length), 1.5f);

        Assert.Contains("FusedMultiplyAdd is not defined", Assert.Single(kernel.Errors), StringComparison.Ordinal);
        Assert.Empty(report.Findings);
        Assert.InRange(PtxSamples.Error(device.Memory.Download<float>(result), i => (x[i] * 1.5) + y[i]), 0, 1e-6);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    public void Reduce_Blocks_SumsEach(int threads)
    {
        PtxSampleRun run = PtxSamples.Reduce(PtxSamples.Text("Reduce"), blocks: 6, threads);

        Assert.Empty(run.Report.Findings);
        Assert.InRange(run.Error, 0, 1e-4);
    }

    [Fact]
    public void WarpRed_Blocks_SumsTheFirstWarpOfEach()
    {
        float[] x = PtxSamples.Numbers(4 * 256, seed: 1);
        PtxDevice device = new();
        ulong sums = device.Memory.Allocate(4 * sizeof(float));

        LaunchReport report = device.Run(
            PtxSamples.Compile(device, PtxSamples.Text("WarpRed")), new Dim3(4), new Dim3(256), new LaunchOptions(), 0,
            PtxSamples.View(device, x), KernelArgument.View(sums, 4));

        Assert.Empty(report.Findings);
        Assert.InRange(
            PtxSamples.Error(device.Memory.Download<float>(sums), i => x.Skip(i * 256).Take(32).Sum(v => (double)v)), 0, 1e-5);
    }

    [Fact]
    public void Exp_Numbers_ComputesExponentialAndReciprocalRoot()
    {
        float[] x = [.. PtxSamples.Numbers(256, seed: 1).Select(v => Math.Abs(v) + 0.1f)];
        PtxDevice device = new();
        ulong result = device.Memory.Upload<float>(x);

        device.Run(
            PtxSamples.Compile(device, PtxSamples.Text("Exp")), new Dim3(1), new Dim3(256), new LaunchOptions(), 0,
            KernelArgument.View(result, x.Length));

        Assert.InRange(
            PtxSamples.Error(device.Memory.Download<float>(result), i => Math.Exp(x[i]) + (1 / Math.Sqrt(x[i]))), 0, 2e-6);
    }

    [Fact]
    public void CpAsync_PermutedRead_GivesEachThreadItsElement()
    {
        float[] x = PtxSamples.Numbers(1024, seed: 1);
        PtxDevice device = new();
        ulong source = device.Memory.Upload<float>(x);
        ulong target = device.Memory.Allocate(256 * sizeof(float));

        LaunchReport report = device.Run(
            PtxSamples.Compile(device, PtxSamples.Text("CpAsync")), new Dim3(1), new Dim3(256), new LaunchOptions(), 0,
            source, KernelArgument.View(target, 256));

        Assert.Empty(report.Findings);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => x[(i * 7) & 1023]), device.Memory.Download<float>(target));
    }

    // A loop over 64 products of 16 x 16 and 16 x 8 with the same second factor, in fragments as the lanes hold them.
    [Fact]
    public void Mma_Fragments_SumsProducts()
    {
        float[] a = PtxSamples.BFloat16s(64 * 4 * 32 * 2, seed: 1);
        float[] b = PtxSamples.BFloat16s(2 * 32 * 2, seed: 2);
        PtxDevice device = new();
        ulong addressOfA = device.Memory.Upload<ushort>(PtxSamples.Halves(a));
        ulong addressOfB = device.Memory.Upload<ushort>(PtxSamples.Halves(b));
        ulong addressOfC = device.Memory.Allocate(128 * sizeof(float));

        device.Run(
            PtxSamples.Compile(device, PtxSamples.Text("Mma")), new Dim3(1), new Dim3(32), new LaunchOptions(), 0,
            KernelArgument.View(addressOfA, 64 * 128), KernelArgument.View(addressOfB, 64), KernelArgument.View(addressOfC, 128));

        // Element (row, k) of A lies in register row / 8 + 2 (k / 8), lane 4 (row % 8) + (k % 8) / 2, half k % 2; B likewise.
        float ElementOfA(int step, int row, int k) =>
            a[(((((step * 4) + (row / 8) + (k / 8 * 2)) * 32) + (row % 8 * 4) + (k % 8 / 2)) * 2) + (k % 2)];
        float ElementOfB(int k, int column) => b[(((k / 8 * 32) + (column * 4) + (k % 8 / 2)) * 2) + (k % 2)];
        double Expected(int i)
        {
            int lane = i % 32;
            int row = (lane / 4) + (i / 64 * 8);
            int column = (lane % 4 * 2) + (i / 32 % 2);
            return Enumerable.Range(0, 64 * 16).Sum(p => (double)ElementOfA(p / 16, row, p % 16) * ElementOfB(p % 16, column));
        }

        Assert.InRange(PtxSamples.Error(device.Memory.Download<float>(addressOfC), Expected), 0, 1e-4);
    }

    [Theory]
    [InlineData(128, 128, 64)]
    [InlineData(256, 128, 32)]
    public void Gemm_WholeTiles_Multiplies(int m, int n, int k)
    {
        PtxSampleRun run = PtxSamples.Gemm(PtxSamples.Text("Gemm_SM_80"), m, n, k, new LaunchOptions());

        Assert.Empty(run.Report.Findings);
        Assert.InRange(run.Error, 0, 2e-5);
        Assert.Equal(run.Report.Counters.SharedIdealWavefronts, run.Report.Counters.SharedWavefronts);
    }

    [Theory]
    [InlineData(128, 128, 32, null)]
    [InlineData(128, 128, 64, 3)]
    [InlineData(128, 256, 96, null)]
    [InlineData(128, 128, 160, 4)]
    public void TensorGemm_WholeTiles_Multiplies(int m, int n, int k, int? seed)
    {
        PtxSampleRun run = PtxSamples.TensorGemm(PtxSamples.Text("TensorGemm"), m, n, k, new LaunchOptions { Seed = seed });

        // The last stages load tiles that nobody needs any more.
        Assert.All(run.Report.Findings, finding => Assert.Equal(FindingKind.AsyncCopyUnfinished, finding.Kind));
        Assert.InRange(run.Error, 0, 2e-5);
        Assert.Equal(run.Report.Counters.SharedIdealWavefronts, run.Report.Counters.SharedWavefronts);
        Assert.Equal(run.Report.Counters.GlobalIdealSectors, run.Report.Counters.GlobalSectors);
    }

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);
}
