using System;

namespace Engine.Kernels;

/// <summary>Moving and converting data.</summary>
public interface ITransferOps
{
    /// <summary>Copies elements into a contiguous tensor. The element type must be the tensor's own
    /// (float for F32, double for F64, int for I32, byte for U8), except that float and double convert to F32 and F64.</summary>
    /// <exception cref="OperandException">Count or type differ.</exception>
    void Upload<T>(ReadOnlySpan<T> source, TensorRef destination)
        where T : unmanaged;

    /// <summary>Waits for all enqueued work and copies a tensor's elements out, row by row; types as in <see cref="Upload"/>.</summary>
    /// <exception cref="OperandException">Count or type differ.</exception>
    void Download<T>(TensorRef source, Span<T> destination)
        where T : unmanaged;

    /// <summary>Copies between tensors of the same number of rows and columns, converting between floating-point types
    /// (narrowing rounds to nearest even). The source may also be host memory, such as a memory-mapped checkpoint.</summary>
    void Copy(TensorRef source, TensorRef destination);

    /// <summary>Sets every element of a floating-point tensor.</summary>
    void Fill(TensorRef destination, float value);
}
