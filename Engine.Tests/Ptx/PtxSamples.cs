using System;
using System.Linq;
using System.Runtime.InteropServices;
using Engine.PtxInterpreter;

namespace Engine.Tests;


/// <summary>Kernels as ILGPU emits them, some with inline PTX, and what they compute.</summary>
internal static class PtxSamples
{
    /// <summary>The text of a sample.</summary>
    public static string Text(string name) => SourceFiles.Text($"Engine.Tests/Ptx/Samples/{name}.ptx");

    /// <summary>C (m, n) = A (m, k) B (n, k)^T in bfloat16 on tensor cores: tiles of 128 x 128 x 32, three stages of cp.async.</summary>
    public static PtxSampleRun TensorGemm(string text, int m, int n, int k, LaunchOptions options)
    {
        float[] a = BFloat16s(m * k, seed: 1);
        float[] b = BFloat16s(n * k, seed: 2);
        PtxDevice device = new();
        ulong addressOfA = device.Memory.Upload<ushort>(Halves(a), "A");
        ulong addressOfB = device.Memory.Upload<ushort>(Halves(b), "B");
        ulong addressOfC = device.Memory.Allocate(m * n * sizeof(float), "C");
        LaunchReport report = device.Run(
            Compile(device, text), new Dim3(n / 128, m / 128), new Dim3(256), options, 0, addressOfA, addressOfB, addressOfC, m, n, k);
        float[] c = device.Memory.Download<float>(addressOfC);
        return new PtxSampleRun(Error(c, i => Enumerable.Range(0, k).Sum(p => (double)a[(i / n * k) + p] * b[(i % n * k) + p])), report);
    }

    /// <summary>C (m, n) = A (k, m)^T B (k, n) in float32: tiles of 128 x 128 x 8.</summary>
    public static PtxSampleRun Gemm(string text, int m, int n, int k, LaunchOptions options)
    {
        float[] a = Numbers(k * m, seed: 1);
        float[] b = Numbers(k * n, seed: 2);
        PtxDevice device = new();
        ulong addressOfC = device.Memory.Allocate(m * n * sizeof(float), "C");
        LaunchReport report = device.Run(
            Compile(device, text), new Dim3(n / 128, m / 128), new Dim3(256), options, 0,
            View(device, a), View(device, b), KernelArgument.View(addressOfC, m * n), m, n, k);
        float[] c = device.Memory.Download<float>(addressOfC);
        return new PtxSampleRun(Error(c, i => Enumerable.Range(0, k).Sum(p => (double)a[(p * m) + (i / n)] * b[(p * n) + (i % n)])), report);
    }

    /// <summary>The sum of each block of numbers, by shuffles and atomics in shared memory; meant for up to 128 threads.</summary>
    public static PtxSampleRun Reduce(string text, int blocks, int threads)
    {
        float[] x = Numbers(blocks * threads, seed: 1);
        PtxDevice device = new();
        ulong sums = device.Memory.Allocate(blocks * sizeof(float), "sums");
        LaunchReport report = device.Run(
            Compile(device, text), new Dim3(blocks), new Dim3(threads), new LaunchOptions(), 0,
            View(device, x), KernelArgument.View(sums, blocks));
        return new PtxSampleRun(Error(device.Memory.Download<float>(sums), i => x.Skip(i * threads).Take(threads).Sum(v => (double)v)), report);
    }

    /// <summary>Compiles the only kernel of a text.</summary>
    public static CompiledKernel Compile(PtxDevice device, string text) => KernelCompiler.Compile(PtxModule.Parse(text), device.Memory);

    /// <summary>Numbers in memory of the device, as a view.</summary>
    public static KernelArgument View(PtxDevice device, float[] values) =>
        KernelArgument.View(device.Memory.Upload<float>(values), values.Length);

    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>Such numbers, cut to the precision of bfloat16.</summary>
    public static float[] BFloat16s(int count, int seed) =>
        [.. Numbers(count, seed).Select(x => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xFFFF0000))];

    /// <summary>The upper halves of numbers, which are their bfloat16s.</summary>
    public static ushort[] Halves(float[] values) =>
        [.. MemoryMarshal.Cast<float, uint>(values).ToArray().Select(bits => (ushort)(bits >> 16))];

    /// <summary>The largest difference from what is expected at each index; infinite if a value is no number.</summary>
    public static double Error(float[] values, Func<int, double> expected) => values
        .Select((value, i) => Math.Abs(value - expected(i)))
        .Max(error => double.IsNaN(error) ? double.PositiveInfinity : error);
}
