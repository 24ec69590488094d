using System;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>
/// Enqueues uploads of a step, such as inputs and routing weights, between its kernels without waiting for them: the bytes lie in
/// page-locked memory until the device takes them. Waits only when that memory has been used once around.
/// </summary>
internal sealed unsafe class UploadRing : IDisposable
{
    /// <summary>Largest upload: a batch of 16 images of 224 x 224 is 9.2 MiB.</summary>
    public const int MostBytes = 16 << 20;

    private const int RingBytes = 2 * MostBytes;

    private readonly AcceleratorStream _stream;
    private readonly PageLockedArray1D<byte> _memory;
    private int _used;

    /// <param name="accelerator">The device.</param>
    /// <param name="stream">Where uploads take their place between kernels.</param>
    public UploadRing(Accelerator accelerator, AcceleratorStream stream)
    {
        _stream = stream;
        _memory = accelerator.AllocatePageLocked1D<byte>(RingBytes);
    }

    /// <summary>Enqueues a copy; the source may change as soon as this returns.</summary>
    /// <param name="source">First byte.</param>
    /// <param name="target">1 to <see cref="MostBytes"/> bytes of the device.</param>
    public void Enqueue(byte* source, ArrayView<byte> target)
    {
        int bytes = (int)target.Length;
        if (_used + bytes > RingBytes)
        {
            _stream.Synchronize();
            _used = 0;
        }

        Span<byte> locked = _memory.Span.Slice(_used, bytes);
        new ReadOnlySpan<byte>(source, bytes).CopyTo(locked);
        target.CopyFromCPUUnsafeAsync(_stream, ref locked[0], bytes);
        _used += bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
