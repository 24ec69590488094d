using System.Globalization;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>One product C = A B in its three forms: forward (NN), with B transposed (NT), with A transposed (TN); beside OpenBLAS where it
/// is installed.</summary>
internal static class GemmBench
{
    private static readonly (string Name, bool TransposeA, bool TransposeB)[] Forms =
        [("nn", false, false), ("nt", false, true), ("tn", true, false)];

    public static void Run(BenchSetup setup, int m, int n, int k)
    {
        OpenBlas? openBlas = setup.Backend.Info.Kind == BackendKind.Host ? OpenBlas.TryLoad(setup.Backend.Info.Threads) : null;
        foreach ((string form, bool transposeA, bool transposeB) in Forms)
        {
            using Arena arena = setup.Backend.CreateArena("gemm", 4L * (((long)m * k) + ((long)k * n) + ((long)m * n)) + 1024);
            GemmArgs args = new()
            {
                A = arena.Allocate("a", DType.F32, transposeA ? new Shape(k, m) : new Shape(m, k)),
                B = arena.Allocate("b", DType.F32, transposeB ? new Shape(n, k) : new Shape(k, n)),
                C = arena.Allocate("c", DType.F32, new Shape(m, n)),
                TransposeA = transposeA,
                TransposeB = transposeB,
            };
            RandomTensors.Fill(setup.Backend, args.A, 1, 1);
            RandomTensors.Fill(setup.Backend, args.B, 1, 2);
            double flops = 2.0 * m * n * k;
            Measurement measurement = setup.Measure(() => setup.Backend.Gemm(args), 20, 1.5);
            string name = string.Create(CultureInfo.InvariantCulture, $"gemm {form} {m}x{n}x{k}");
            BenchReport.Print(setup, new BenchResult(name, "GFLOP/s", flops / 1e9, measurement) { Flops = flops });
            if (openBlas is not null)
            {
                Measurement other = setup.Measure(() => openBlas.Gemm(args), 20, 1.5);
                BenchReport.Print(setup, new BenchResult($"{name}, OpenBLAS", "GFLOP/s", flops / 1e9, other) { Flops = flops });
            }
        }
    }
}
