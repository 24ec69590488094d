using System;
using System.Runtime.InteropServices;

namespace Engine.Kernels;

/// <summary>Zero-initialised native memory, aligned to <see cref="Alignment"/> bytes, outside the garbage-collected heap.</summary>
public sealed unsafe class NativeBuffer : HostMemory
{
    /// <summary>One cache line, and the width of an AVX-512 register.</summary>
    public const int Alignment = 64;

    // Below, alignment to a huge page would waste more than it brings.
    private const long LeastForHugePages = 2 * MemoryAdvice.HugePage;

    private byte* _address;

    /// <summary>Allocates the memory.</summary>
    /// <param name="name">Purpose, for messages.</param>
    /// <param name="byteLength">Size in bytes; may be 0.</param>
    /// <exception cref="InsufficientMemoryException">The system cannot provide the memory; the message names purpose and size.</exception>
    public NativeBuffer(string name, long byteLength)
        : base(name, byteLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteLength);
        try
        {
            nuint alignment = byteLength >= LeastForHugePages ? MemoryAdvice.HugePage : (nuint)Alignment;
            _address = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(byteLength, Alignment), alignment);
        }
        catch (OutOfMemoryException)
        {
            throw new InsufficientMemoryException($"Cannot allocate {byteLength:N0} bytes for '{name}'.");
        }

        if (byteLength >= LeastForHugePages)
        {
            MemoryAdvice.PreferHugePages(_address, (nuint)(byteLength / MemoryAdvice.HugePage * MemoryAdvice.HugePage));
        }

        NativeMemory.Clear(_address, (nuint)byteLength);
        GC.AddMemoryPressure(Math.Max(byteLength, Alignment));
    }

    /// <summary>Releases memory that nobody disposed.</summary>
    ~NativeBuffer() => Dispose(disposing: false);

    /// <inheritdoc/>
    public override byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address == null, this);
            return _address;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_address != null)
        {
            NativeMemory.AlignedFree(_address);
            _address = null;
            GC.RemoveMemoryPressure(Math.Max(ByteLength, Alignment));
        }
    }
}
