using System;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>
/// Moves what a step needs between its kernels, in their order, through page-locked memory. Uploads, such as inputs and routing weights,
/// are enqueued without waiting: their bytes lie here until the device takes them, and the processor waits only when the memory has been
/// used once around.
/// </summary>
internal sealed unsafe class TransferRing : IDisposable
{
    /// <summary>Largest upload: a batch of 16 images of 224 x 224 is 9.2 MiB.</summary>
    public const int MostUploadBytes = 16 << 20;

    private const int RingBytes = 2 * MostUploadBytes;

    private readonly AcceleratorStream _stream;
    private readonly PageLockedArray1D<byte> _memory;
    private int _used;

    /// <param name="accelerator">The device.</param>
    /// <param name="stream">Where transfers take their place between kernels.</param>
    public TransferRing(Accelerator accelerator, AcceleratorStream stream)
    {
        _stream = stream;
        _memory = accelerator.AllocatePageLocked1D<byte>(RingBytes);
    }

    /// <summary>Enqueues an upload; the source may change as soon as this returns.</summary>
    /// <param name="source">First byte.</param>
    /// <param name="target">1 to <see cref="MostUploadBytes"/> bytes of the device.</param>
    public void Upload(byte* source, ArrayView<byte> target)
    {
        int bytes = (int)target.Length;
        if (_used + bytes > RingBytes)
        {
            _stream.Synchronize();
            _used = 0;
        }

        new ReadOnlySpan<byte>(source, bytes).CopyTo(_memory.Span[_used..]);
        target.CopyFromCPUUnsafeAsync(_stream, ref _memory[_used], bytes);
        _used += bytes;
    }

    /// <summary>Waits for everything enqueued and copies bytes out.</summary>
    /// <param name="source">Bytes of the device.</param>
    /// <param name="target">As many.</param>
    public void Download(ArrayView<byte> source, Span<byte> target)
    {
        for (int done = 0; done < target.Length; done += RingBytes)
        {
            int bytes = Math.Min(RingBytes, target.Length - done);
            source.SubView(done, bytes).CopyToCPUUnsafeAsync(_stream, ref _memory[0], bytes);
            _stream.Synchronize();
            _memory.Span[..bytes].CopyTo(target[done..]);
        }

        _used = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
