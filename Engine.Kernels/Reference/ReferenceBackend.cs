using System;

namespace Engine.Kernels.Reference;

/// <summary>
/// The executable definition of every op: scalar C# with float64 accumulation, one thread, never optimised.
/// Tensors are F32, or F64 if so constructed, in which case nothing is rounded to float32 anywhere.
/// </summary>
public sealed partial class ReferenceBackend : IBackend
{
    /// <summary>Creates the backend.</summary>
    /// <param name="computeType">F32 or F64.</param>
    /// <param name="precision">What operands of products are rounded to, whatever the compute type.</param>
    public ReferenceBackend(DType computeType = DType.F32, Precision precision = Precision.Float32)
    {
        if (computeType is not (DType.F32 or DType.F64))
        {
            throw new ArgumentOutOfRangeException(nameof(computeType), computeType, "The reference backend computes in F32 or F64.");
        }

        Info = new BackendInfo("reference", BackendKind.Reference, "scalar, float64 accumulation", 1, computeType, precision);
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <inheritdoc/>
    public Arena CreateArena(string name, long byteLength) => new(new NativeBuffer(name, byteLength));

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Ops have finished when they return.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Owns nothing: arenas belong to their creators.
    }
}
