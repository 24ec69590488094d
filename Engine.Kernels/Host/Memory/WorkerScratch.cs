using System;

namespace Engine.Kernels.Host;

/// <summary>Temporary memory of the running op: one shared region and one region per worker. It grows to the largest request and
/// stays, so that steady state allocates nothing. Contents do not survive the op.</summary>
internal sealed unsafe class WorkerScratch : IDisposable
{
    private NativeBuffer? _shared;
    private NativeBuffer? _perWorker;

    /// <summary>Memory that all workers see, aligned to <see cref="NativeBuffer.Alignment"/> bytes.</summary>
    /// <param name="bytes">Size.</param>
    public void* Shared(long bytes) => Grow(ref _shared, "op scratch", bytes);

    /// <summary>Regions of one op's workers.</summary>
    /// <param name="workers">Number of workers.</param>
    /// <param name="bytes">Size of each region.</param>
    public ScratchRegions PerWorker(int workers, long bytes)
    {
        // A region ends a page and a line behind its size: two workers never share a line, and equal offsets fall into different cache sets.
        long stride = ((bytes + 4095) / 4096 * 4096) + NativeBuffer.Alignment;
        return new ScratchRegions(Grow(ref _perWorker, "worker scratch", workers * stride), stride);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shared?.Dispose();
        _perWorker?.Dispose();
    }

    private static byte* Grow(ref NativeBuffer? buffer, string name, long bytes)
    {
        if (buffer is null || buffer.ByteLength < bytes)
        {
            // Half as much again: a sequence that grows token by token asks for a little more each time.
            long grown = Math.Max(bytes, (buffer?.ByteLength ?? 0) * 3 / 2);
            buffer?.Dispose();
            buffer = new NativeBuffer(name, grown);
        }

        return buffer.Address;
    }
}
