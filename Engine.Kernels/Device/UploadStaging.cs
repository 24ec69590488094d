using System;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>
/// Brings large pieces of ordinary host memory, such as a memory-mapped checkpoint, onto a device through page-locked memory: while one
/// slot is on its way by DMA, the processor fills the other one. Every slot has a stream of its own, because ILGPU can wait for streams
/// only.
/// </summary>
internal sealed unsafe class UploadStaging : IDisposable
{
    private const int SlotBytes = 16 << 20;
    private const int Slots = 2;

    private readonly PageLockedArray1D<byte>[] _memory = new PageLockedArray1D<byte>[Slots];
    private readonly AcceleratorStream[] _streams = new AcceleratorStream[Slots];

    /// <param name="accelerator">The device.</param>
    public UploadStaging(Accelerator accelerator)
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            _memory[slot] = accelerator.AllocatePageLocked1D<byte>(SlotBytes);
            _streams[slot] = accelerator.CreateStream();
        }
    }

    /// <summary>Copies bytes; they are there when this returns.</summary>
    /// <param name="source">First byte.</param>
    /// <param name="target">As many bytes of the device, which nothing that was enqueued uses any more.</param>
    public void Copy(byte* source, ArrayView<byte> target)
    {
        int slot = 0;
        for (long done = 0; done < target.Length; done += SlotBytes)
        {
            int bytes = (int)Math.Min(SlotBytes, target.Length - done);
            _streams[slot].Synchronize();
            new ReadOnlySpan<byte>(source + done, bytes).CopyTo(_memory[slot].Span);
            target.SubView(done, bytes).CopyFromCPUUnsafeAsync(_streams[slot], ref _memory[slot][0], bytes);
            slot = (slot + 1) % Slots;
        }

        Array.ForEach(_streams, static stream => stream.Synchronize());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            _streams[slot].Dispose();
            _memory[slot].Dispose();
        }
    }
}
