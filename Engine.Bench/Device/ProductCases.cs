using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>Products in their three forms: forward (NN or NT), gradient of the input (NT or NN), gradient of the weights (TN).</summary>
internal static class ProductCases
{
    private const double Goal = 75;

    private static readonly (string Name, bool TransposeA, bool TransposeB)[] Forms =
        [("nn", false, false), ("nt", false, true), ("tn", true, false)];

    /// <summary>The cases of a scale.</summary>
    public static IEnumerable<DeviceCase> Create(DeviceScale scale) =>
        from shape in scale.Products
        from form in Forms
        let name = FormattableString.Invariant($"gemm f32 {form.Name} {shape.M}x{shape.N}x{shape.K} {shape.Name}")
        select new DeviceCase(name, bench => Measure(bench, name, shape, form.TransposeA, form.TransposeB));

    private static DeviceRow Measure(DeviceBench bench, string name, ProductShape shape, bool transposeA, bool transposeB)
    {
        Shape a = transposeA ? new(shape.K, shape.M) : new(shape.M, shape.K);
        Shape b = transposeB ? new(shape.N, shape.K) : new(shape.K, shape.N);
        Shape c = new(shape.M, shape.N);
        long setBytes = Arena.AlignedSize(DType.F32, a) + Arena.AlignedSize(DType.F32, b) + Arena.AlignedSize(DType.F32, c);
        int count = bench.SetsFor(setBytes);
        using Arena arena = bench.Backend.CreateArena(name, count * setBytes);
        GemmArgs[] sets = new GemmArgs[count];
        for (int i = 0; i < count; i++)
        {
            sets[i] = new GemmArgs
            {
                A = arena.Allocate("a", DType.F32, a),
                B = arena.Allocate("b", DType.F32, b),
                C = arena.Allocate("c", DType.F32, c),
                TransposeA = transposeA,
                TransposeB = transposeB,
            };
        }

        RandomTensors.Fill(bench.Backend, sets[0].A, 1, 1);
        RandomTensors.Fill(bench.Backend, sets[0].B, 1, 2);
        foreach (GemmArgs set in sets.Skip(1))
        {
            bench.Backend.Copy(sets[0].A, set.A);
            bench.Backend.Copy(sets[0].B, set.B);
        }

        double rate = shape.Flops / bench.Timer.Median(i => bench.Backend.Gemm(sets[i % count])) / 1e12;
        double? other = bench.Yardstick is { } yardstick
            ? shape.Flops / bench.Timer.Median(i => yardstick.Gemm(sets[i % count])) / 1e12
            : null;
        return new DeviceRow(name, "TFLOP/s", rate, bench.Yardstick?.Name, other, 1e5 * rate / bench.Peaks.GigaFlops, Goal);
    }
}
