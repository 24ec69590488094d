using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>Ops that memory limits: merging, contraction, AdamW, layer norm. Their yardstick is the driver's copy.</summary>
internal static class StreamingCases
{
    private const double Goal = 85;

    /// <summary>The cases of a scale.</summary>
    public static IEnumerable<DeviceCase> Create(DeviceScale scale)
    {
        string parameters = FormattableString.Invariant($"{(double)scale.ParameterRows * scale.Width / 1e6:F1} M");
        string experts = FormattableString.Invariant($"{scale.Experts} x {parameters}");
        foreach ((DType stored, string dtype) in new[] { (DType.F32, "f32"), (DType.BF16, "bf16") })
        {
            string sum = $"weighted sum {dtype} {experts}";
            yield return new DeviceCase(sum, bench => WeightedSum(bench, sum, stored));
            string dot = $"n-way dot {dtype} {experts}";
            yield return new DeviceCase(dot, bench => MultiDot(bench, dot, stored));
        }

        string adam = $"adamw f32 {parameters}";
        yield return new DeviceCase(adam, bench => AdamW(bench, adam));
        string norm = FormattableString.Invariant($"layer norm f32 {scale.NormRows} x {scale.Width}");
        yield return new DeviceCase(norm, bench => LayerNorm(bench, norm));
    }

    private static DeviceRow WeightedSum(DeviceBench bench, string name, DType stored)
    {
        (Arena arena, TensorRef[] experts, TensorRef dense, TensorRef routing) = Routed(bench, name, stored);
        using (arena)
        {
            double seconds = bench.Timer.Median(_ => bench.Backend.WeightedSum(new WeightedSumArgs
            {
                Base = experts[0],
                Experts = experts.AsSpan(1),
                Weights = routing,
                Output = dense,
            }));
            return Row(bench, name, RoutedBytes(experts, dense), seconds);
        }
    }

    private static DeviceRow MultiDot(DeviceBench bench, string name, DType stored)
    {
        (Arena arena, TensorRef[] experts, TensorRef dense, TensorRef routing) = Routed(bench, name, stored);
        using (arena)
        {
            double seconds = bench.Timer.Median(_ => bench.Backend.MultiDot(new MultiDotArgs
            {
                Gradient = dense,
                Base = experts[0],
                Experts = experts.AsSpan(1),
                Result = routing,
            }));
            return Row(bench, name, RoutedBytes(experts, dense), seconds);
        }
    }

    private static DeviceRow AdamW(DeviceBench bench, string name)
    {
        Shape shape = Parameters(bench.Scale);
        using Arena arena = bench.Backend.CreateArena(name, 4 * Arena.AlignedSize(DType.F32, shape));
        AdamWArgs args = new()
        {
            Parameters = arena.Allocate("parameters", DType.F32, shape),
            Gradient = arena.Allocate("gradient", DType.F32, shape),
            FirstMoment = arena.Allocate("first moment", DType.F32, shape),
            SecondMoment = arena.Allocate("second moment", DType.F32, shape),
            LearningRate = 1e-4f,
            Step = 1,
        };
        RandomTensors.Fill(bench.Backend, args.Parameters, 0.035f, 1);
        bench.Backend.Copy(args.Parameters, args.Gradient);
        return Row(bench, name, 28.0 * shape.ElementCount, bench.Timer.Median(_ => bench.Backend.AdamW(args)));
    }

    private static DeviceRow LayerNorm(DeviceBench bench, string name)
    {
        Shape shape = new(bench.Scale.NormRows, bench.Scale.Width);
        Shape column = new(bench.Scale.Width);
        Shape row = new(bench.Scale.NormRows);
        double bytes = (8.0 * shape.ElementCount) + (8.0 * bench.Scale.NormRows);
        LayerNormArgs[] sets = new LayerNormArgs[bench.SetsFor(bytes)];
        using Arena arena = bench.Backend.CreateArena(name, sets.Length * 2
            * (Arena.AlignedSize(DType.F32, shape) + Arena.AlignedSize(DType.F32, column) + Arena.AlignedSize(DType.F32, row)));
        for (int i = 0; i < sets.Length; i++)
        {
            sets[i] = new LayerNormArgs
            {
                X = arena.Allocate("x", DType.F32, shape),
                Gamma = arena.Allocate("gamma", DType.F32, column),
                Beta = arena.Allocate("beta", DType.F32, column),
                Y = arena.Allocate("y", DType.F32, shape),
                Mean = arena.Allocate("mean", DType.F32, row),
                ReciprocalDeviation = arena.Allocate("reciprocal deviation", DType.F32, row),
                Epsilon = 1e-5f,
            };
            RandomTensors.Fill(bench.Backend, sets[i].X, 1, 1);
            bench.Backend.Fill(sets[i].Gamma, 1);
        }

        return Row(bench, name, bytes, bench.Timer.Median(i => bench.Backend.LayerNorm(sets[i % sets.Length])));
    }

    /// <summary>Base and experts, a dense tensor of as many elements, and one routing weight per expert.</summary>
    private static (Arena Arena, TensorRef[] Experts, TensorRef Dense, TensorRef Routing) Routed(
        DeviceBench bench, string name, DType stored)
    {
        Shape shape = Parameters(bench.Scale);
        Shape one = new(bench.Scale.Experts);
        Arena arena = bench.Backend.CreateArena(
            name,
            ((bench.Scale.Experts + 1) * Arena.AlignedSize(stored, shape))
                + Arena.AlignedSize(DType.F32, shape) + Arena.AlignedSize(DType.F32, one));
        TensorRef dense = arena.Allocate("dense", DType.F32, shape);
        TensorRef routing = arena.Allocate("routing", DType.F32, one);
        TensorRef[] experts = [.. Enumerable.Range(0, bench.Scale.Experts + 1).Select(i => arena.Allocate($"expert {i}", stored, shape))];
        RandomTensors.Fill(bench.Backend, dense, 0.035f, 1);
        bench.Backend.Fill(routing, 1f / bench.Scale.Experts);
        foreach (TensorRef expert in experts)
        {
            bench.Backend.Copy(dense, expert);
        }

        return (arena, experts, dense, routing);
    }

    private static Shape Parameters(DeviceScale scale) => new(scale.ParameterRows, scale.Width);

    private static double RoutedBytes(TensorRef[] experts, TensorRef dense) =>
        experts.Append(dense).Sum(static tensor => (double)tensor.ElementCount * tensor.DType.SizeInBytes());

    private static DeviceRow Row(DeviceBench bench, string name, double bytes, double seconds) =>
        new(name, "GB/s", bytes / seconds / 1e9, "copy", bench.Peaks.CopyGigaBytes, PercentOfPeak: null, Goal);
}
