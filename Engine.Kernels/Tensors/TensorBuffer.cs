using System;

namespace Engine.Kernels;

/// <summary>Owns memory that tensors lie in. Everything else (<see cref="TensorRef"/>) borrows.</summary>
public abstract class TensorBuffer : IDisposable
{
    /// <summary>Describes the buffer's purpose in messages.</summary>
    /// <param name="name">For example "weights" or a file name.</param>
    /// <param name="byteLength">Size in bytes.</param>
    protected TensorBuffer(string name, long byteLength)
    {
        Name = name;
        ByteLength = byteLength;
    }

    /// <summary>What the buffer holds; used in messages.</summary>
    public string Name { get; }

    /// <summary>Size in bytes.</summary>
    public long ByteLength { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the memory. Called at most once with effect.</summary>
    protected abstract void Dispose(bool disposing);
}
