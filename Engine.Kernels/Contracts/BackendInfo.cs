namespace Engine.Kernels;

/// <summary>Describes a backend.</summary>
/// <param name="Name">What <see cref="Backends.Create"/> takes, for example "host".</param>
/// <param name="Kind">What computes.</param>
/// <param name="Description">Instruction set or device, for example "AVX-512".</param>
/// <param name="Threads">Worker threads; 1 where it does not apply.</param>
/// <param name="ComputeType">Dtype of activations and parameters: F32, or F64 on the reference backend if asked for.</param>
/// <param name="Precision">What operands of matrix products are rounded to.</param>
public sealed record BackendInfo(
    string Name, BackendKind Kind, string Description, int Threads, DType ComputeType, Precision Precision = Precision.Float32);
