using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Copies of stored tensors in the memory of a backend that does not read the processor's, in the dtypes they are stored
/// in.</summary>
internal sealed class ResidentTensors : IDisposable
{
    private readonly IBackend _backend;
    private readonly Arena _arena;

    /// <param name="backend">Where they will lie.</param>
    /// <param name="name">What they are, for messages.</param>
    /// <param name="stored">All tensors that will be copied, in order.</param>
    /// <exception cref="BackendException">The device has not as much memory.</exception>
    public ResidentTensors(IBackend backend, string name, IEnumerable<TensorRef> stored)
    {
        long bytes = 0;
        foreach (TensorRef tensor in stored)
        {
            bytes += Arena.AlignedSize(tensor.DType, tensor.Shape);
        }

        _backend = backend;
        _arena = backend.CreateArena(name, bytes);
    }

    /// <summary>Copies the next tensor; its pages leave the process.</summary>
    /// <param name="stored">In host memory.</param>
    public TensorRef Copy(TensorRef stored)
    {
        TensorRef copy = _arena.Allocate(stored.Name!, stored.DType, stored.Shape);
        _backend.Copy(stored, copy);
        _backend.Synchronize();
        MappedFile.Release(stored);
        return copy;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _arena.Dispose();
}
