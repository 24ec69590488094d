using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>A tensor on its way into a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Source">Its elements in host memory; rows may have gaps.</param>
/// <param name="StoreAs">The dtype in the file, null for the source's own. Floating-point types convert into each other,
/// rounding to nearest even.</param>
public sealed record TensorToWrite(string Name, TensorRef Source, DType? StoreAs = null)
{
    /// <summary>
    /// Called just before the source is read, once: computes or downloads the elements into <see cref="Source"/>. Many tensors
    /// may thus share one scratch buffer, and a checkpoint larger than memory can be written.
    /// </summary>
    public Action? Prepare { get; init; }

    /// <summary>The dimensions in the file if they differ from the source's, for example because there are more than four.</summary>
    public IReadOnlyList<long>? Dimensions { get; init; }

    /// <summary>The dtype in the file.</summary>
    public DType StoredDType => StoreAs ?? Source.DType;

    /// <summary>Size in the file in bytes.</summary>
    public long StoredBytes => Source.ElementCount * StoredDType.SizeInBytes();

    /// <summary>The dimensions in the file.</summary>
    internal IReadOnlyList<long> StoredDimensions()
    {
        if (Dimensions is not null)
        {
            return Dimensions;
        }

        long[] dimensions = new long[Source.Shape.Rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = Source.Shape[i];
        }

        return dimensions;
    }
}
