namespace Engine.Kernels;

/// <summary>Memory the processor can address: allocated (<see cref="NativeBuffer"/>) or a memory-mapped file.</summary>
public abstract unsafe class HostMemory : TensorBuffer
{
    /// <inheritdoc/>
    protected HostMemory(string name, long byteLength)
        : base(name, byteLength)
    {
    }

    /// <summary>First byte. Valid until the buffer is disposed.</summary>
    public abstract byte* Address { get; }
}
