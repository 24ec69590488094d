using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Small float32 arrays as tensors that can be written to a file.</summary>
internal sealed class HostTensors : IDisposable
{
    private readonly List<TensorBuffer> _buffers = [];

    /// <summary>Copies an array.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its shape; a vector by default.</param>
    public unsafe TensorToWrite Add(string name, ReadOnlySpan<float> values, Shape? shape = null)
    {
        NativeBuffer buffer = new(name, (long)values.Length * sizeof(float));
        _buffers.Add(buffer);
        values.CopyTo(new Span<float>(buffer.Address, values.Length));
        return new TensorToWrite(name, new TensorRef(buffer, 0, DType.F32, shape ?? new Shape(values.Length), name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TensorBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }
    }
}
