using System;

namespace Engine.Kernels.Cases;

/// <summary>How far results may lie from the reference: largest error divided by the largest expected magnitude of the operand.</summary>
public static class Tolerance
{
    /// <summary>For finite differences in F64 with central differences.</summary>
    public const double Gradient = 1e-6;

    /// <summary>An operand whose expected values are all smaller than this is measured against this.</summary>
    public const double SmallestScale = 1e-3;

    /// <summary>For an operand of this dtype. float32 sums of a few thousand terms stay well below 1e-5;
    /// conversions to storage types, and whole numbers, are exact.</summary>
    public static double For(DType dtype) => dtype switch
    {
        DType.F32 => 1e-5,
        DType.F64 => 1e-12,
        DType.F16 or DType.BF16 or DType.I32 or DType.U8 => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "No op writes this dtype."),
    };

    /// <summary>For an operand of this dtype that sums products of rounded results: one more unit in the last place of the largest
    /// one.</summary>
    /// <param name="dtype">Of the operand.</param>
    /// <param name="precision">What results are rounded to.</param>
    public static double OfRoundedResults(DType dtype, Precision precision) => precision switch
    {
        Precision.TensorFloat32 => 1.0 / 1024,
        Precision.BFloat16 => 1.0 / 128,
        _ => For(dtype),
    };
}
