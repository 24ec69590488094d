using System;

namespace Engine.Kernels.Host;

/// <summary>Temporary memory of the running op: one region that all workers share and one region per worker. It grows to the largest demand
/// and stays, so that steps allocate nothing. One op uses it at a time; contents do not survive the op.</summary>
internal sealed unsafe class HostWorkspace : IDisposable
{
    private const int FloatsPerLine = NativeBuffer.Alignment / sizeof(float);

    private NativeBuffer? _shared;
    private NativeBuffer? _perWorker;

    /// <summary>Rounds a count of floats up to whole cache lines, so that regions cut from the workspace stay aligned.</summary>
    public static long Align(long floats) => (floats + FloatsPerLine - 1) / FloatsPerLine * FloatsPerLine;

    /// <summary>Memory that all workers see, aligned to <see cref="NativeBuffer.Alignment"/> bytes, with undefined content. Valid until the
    /// next call of this or <see cref="Floats"/>.</summary>
    /// <param name="bytes">Size.</param>
    public void* Shared(long bytes) => Grow(ref _shared, "shared workspace", bytes);

    /// <summary><see cref="Shared"/> as floats.</summary>
    /// <param name="count">How many.</param>
    public float* Floats(long count) => (float*)Shared(checked(count * sizeof(float)));

    /// <summary>Regions of one op's workers.</summary>
    /// <param name="workers">Number of workers.</param>
    /// <param name="bytes">Size of each region.</param>
    public ScratchRegions PerWorker(int workers, long bytes)
    {
        // A line more than whole pages: workers share no line, and their equal offsets fall into different cache sets.
        long stride = ((bytes + 4095) / 4096 * 4096) + NativeBuffer.Alignment;
        return new ScratchRegions(Grow(ref _perWorker, "workers' workspace", workers * stride), stride);
    }

    /// <summary>Releases the memory.</summary>
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
