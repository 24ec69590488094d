namespace Engine.Kernels;

/// <summary>To what a device rounds the operands of matrix products, and of those within attention
/// (<see cref="AttentionArgs.IsRounded"/>). Sums, epilogues, softmax and all other ops are in float32 always, and so are operands and
/// results in memory.</summary>
public enum Precision
{
    /// <summary>To nothing: 24 significant bits.</summary>
    Float32,

    /// <summary>To TF32, 11 significant bits and the range of float32, to nearest, ties away from zero; on tensor cores.</summary>
    TensorFloat32,

    /// <summary>To BF16, 8 significant bits and the range of float32, to nearest, ties to even; on tensor cores, twice as fast as
    /// TF32.</summary>
    BFloat16,
}
