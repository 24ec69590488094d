using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Copies of arrays and of a backend's tensors in host memory, as tensors that can be written to a file. Owns the
/// copies.</summary>
public sealed class HostTensors : IDisposable
{
    private readonly List<TensorBuffer> _buffers = [];
    private NativeBuffer? _shared;

    /// <summary>Copies an array of float (F32), double (F64), int (I32) or long (I64).</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its shape; a vector by default.</param>
    public TensorToWrite Add<T>(string name, ReadOnlySpan<T> values, Shape? shape = null)
        where T : unmanaged
    {
        TensorRef tensor = Allocate(name, DTypeOf<T>(), shape ?? new Shape(values.Length));
        values.CopyTo(Elements<T>(tensor));
        return new TensorToWrite(name, tensor);
    }

    /// <summary>A tensor of a backend for a file: where it lies if that is host memory; otherwise downloaded when the writer comes to it,
    /// into memory that all such tensors share, so that a model larger than host memory can be saved.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="backend">What the tensor belongs to; must live until the file is written.</param>
    /// <param name="source">Contiguous; F32, F64 or BF16.</param>
    /// <param name="storeAs">Dtype in the file; the source's own by default.</param>
    public TensorToWrite WhenWritten(string name, IBackend backend, TensorRef source, DType? storeAs = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (source.Buffer is HostMemory)
        {
            return new TensorToWrite(name, source, storeAs) { Prepare = backend.Synchronize };
        }

        long bytes = source.ElementCount * source.DType.SizeInBytes();
        if (_shared is null || _shared.ByteLength < bytes)
        {
            // Tensors that were given the smaller one keep it.
            _shared = new NativeBuffer("tensors to be written", bytes);
            _buffers.Add(_shared);
        }

        TensorRef copy = new(_shared, 0, source.DType, source.Shape, name);
        return new TensorToWrite(name, copy, storeAs) { Prepare = () => Fetch(backend, source, copy) };
    }

    /// <summary>Downloads a floating-point tensor in its own dtype.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="backend">What the tensor belongs to.</param>
    /// <param name="source">F32, F64 or BF16.</param>
    /// <param name="shape">Shape in the file, of as many elements; the source's own by default.</param>
    /// <param name="storeAs">Dtype in the file; the source's own by default.</param>
    public TensorToWrite Download(string name, IBackend backend, TensorRef source, Shape? shape = null, DType? storeAs = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        TensorRef tensor = Allocate(name, source.DType, shape ?? source.Shape);
        Fetch(backend, source, tensor);
        return new TensorToWrite(name, tensor, storeAs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TensorBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private static void Fetch(IBackend backend, TensorRef source, TensorRef copy)
    {
        switch (source.DType)
        {
            case DType.F64:
                backend.Download(source, Elements<double>(copy));
                break;
            case DType.BF16:
                backend.Download(source, Elements<ushort>(copy));
                break;
            default:
                backend.Download(source, Elements<float>(copy));
                break;
        }
    }

    private static unsafe Span<T> Elements<T>(TensorRef tensor)
        where T : unmanaged => new(((HostMemory)tensor.Buffer!).Address, checked((int)tensor.ElementCount));

    private static DType DTypeOf<T>() => default(T) switch
    {
        float => DType.F32,
        double => DType.F64,
        int => DType.I32,
        long => DType.I64,
        _ => throw new ArgumentException($"Elements of type {typeof(T).Name} have no dtype here."),
    };

    private TensorRef Allocate(string name, DType dtype, Shape shape)
    {
        NativeBuffer buffer = new(name, shape.ElementCount * dtype.SizeInBytes());
        _buffers.Add(buffer);
        return new TensorRef(buffer, 0, dtype, shape, name);
    }
}
