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
    /// <param name="scale">Has the shapes.</param>
    /// <param name="precision">Of the backend on which they will be measured.</param>
    public static IEnumerable<DeviceCase> Create(DeviceScale scale, Precision precision) =>
        from shape in scale.Products
        from form in Forms
        let size = FormattableString.Invariant($"{shape.M}x{shape.N}x{shape.K}")
        let name = $"gemm {Precisions.NameOf(precision)} {form.Name} {size} {shape.Name}"
        select new DeviceCase(name, bench => Measure(bench, name, shape, form.TransposeA, form.TransposeB));

    private static DeviceRow Measure(DeviceBench bench, string name, ProductShape shape, bool transposeA, bool transposeB)
    {
        using ProductOperands engine = new(bench, shape, transposeA, transposeB, DType.F32);
        double rate = shape.Flops / bench.Timer.Median(i => bench.Backend.Gemm(engine.Set(i))) / 1e12;

        // Tensor cores are not what the peak was measured with.
        double? percentOfPeak = bench.Backend.Info.Precision == Precision.Float32 ? 1e5 * rate / bench.Peaks.GigaFlops : null;
        return new DeviceRow(name, "TFLOP/s", rate, bench.Yardstick?.Name, Other(bench, shape, engine), percentOfPeak, Goal);
    }

    /// <summary>The yardstick's rate: with BF16 on operands that are stored so, which the engine's are not, as others measure it.</summary>
    private static double? Other(DeviceBench bench, ProductShape shape, ProductOperands engine)
    {
        if (bench.Yardstick is not { } yardstick)
        {
            return null;
        }

        using ProductOperands? narrow = bench.Backend.Info.Precision == Precision.BFloat16
            ? new(bench, shape, engine.Set(0).TransposeA, engine.Set(0).TransposeB, DType.BF16)
            : null;
        ProductOperands operands = narrow ?? engine;
        return shape.Flops / bench.Timer.Median(i => yardstick.Gemm(operands.Set(i))) / 1e12;
    }
}
