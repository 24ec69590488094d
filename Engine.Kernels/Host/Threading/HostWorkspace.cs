using System;

namespace Engine.Kernels.Host;

/// <summary>Scratch memory of a backend. It grows to the largest demand and is then reused, so that steps allocate nothing.
/// One op uses it at a time.</summary>
internal sealed unsafe class HostWorkspace : IDisposable
{
    private const int FloatsPerLine = NativeBuffer.Alignment / sizeof(float);

    private NativeBuffer _buffer = new("host workspace", 0);

    /// <summary>Rounds a count of floats up to whole cache lines, so that regions cut from the workspace stay aligned.</summary>
    public static long Align(long floats) => (floats + FloatsPerLine - 1) / FloatsPerLine * FloatsPerLine;

    /// <summary>Memory for <paramref name="count"/> floats, aligned to a cache line, with undefined content.
    /// Valid until the next call.</summary>
    public float* Floats(long count)
    {
        long bytes = checked(count * sizeof(float));
        if (bytes > _buffer.ByteLength)
        {
            // Half as much again: a run of slowly growing demands, such as a growing sequence, reallocates seldom.
            long grown = Math.Max(bytes, _buffer.ByteLength + (_buffer.ByteLength / 2));
            _buffer.Dispose();
            _buffer = new NativeBuffer("host workspace", grown);
        }

        return (float*)_buffer.Address;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _buffer.Dispose();
}
