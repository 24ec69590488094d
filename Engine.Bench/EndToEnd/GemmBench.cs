using System.Globalization;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>One product C = A B in its three forms: forward (NN), with B transposed (NT), with A transposed (TN); beside OpenBLAS where it is
/// installed.</summary>
internal static class GemmBench
{
    public static unsafe void Run(BenchSetup setup, int m, int n, int k)
    {
        OpenBlas? openBlas = OpenBlas.TryLoad(setup.Backend.Info.Threads);
        foreach ((string form, bool transposeA, bool transposeB) in new[] { ("nn", false, false), ("nt", false, true), ("tn", true, false) })
        {
            using Arena arena = setup.Backend.CreateArena("gemm", 4L * (((long)m * k) + ((long)k * n) + ((long)m * n)) + 1024);
            TensorRef a = arena.Allocate("a", DType.F32, transposeA ? new Shape(k, m) : new Shape(m, k));
            TensorRef b = arena.Allocate("b", DType.F32, transposeB ? new Shape(n, k) : new Shape(k, n));
            TensorRef c = arena.Allocate("c", DType.F32, new Shape(m, n));
            RandomTensors.Fill(setup.Backend, a, 1, 1);
            RandomTensors.Fill(setup.Backend, b, 1, 2);
            double flops = 2.0 * m * n * k;
            Measurement measurement = Measurement.Of(
                () => setup.Backend.Gemm(new GemmArgs { A = a, B = b, C = c, TransposeA = transposeA, TransposeB = transposeB }), 20, 1.5);
            string name = string.Create(CultureInfo.InvariantCulture, $"gemm {form} {m}x{n}x{k}");
            BenchReport.Print(name, "GFLOP/s", flops / 1e9, measurement, setup, flops);
            if (openBlas is not null)
            {
                Measurement other = Measurement.Of(
                    () => openBlas.Gemm(transposeA, transposeB, m, n, k, Address(a), Address(b), Address(c)), 20, 1.5);
                BenchReport.Print($"{name}, OpenBLAS", "GFLOP/s", flops / 1e9, other, setup, flops);
            }
        }
    }

    private static unsafe float* Address(TensorRef tensor) => (float*)(((HostMemory)tensor.Buffer!).Address + tensor.ByteOffset);
}
