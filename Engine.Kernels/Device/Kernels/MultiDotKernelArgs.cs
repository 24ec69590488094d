using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of both kernels of the n-way dot.</summary>
internal struct MultiDotKernelArgs<TBaseElement, TElement>
    where TBaseElement : unmanaged
    where TElement : unmanaged
{
    public ArrayView<float> Gradient;
    public ArrayView<TBaseElement> Base;
    public ExpertViews<TElement> Experts;

    /// <summary>[segments, experts of this launch, channels].</summary>
    public ArrayView<float> Partials;
    public int Channels;

    /// <summary>Elements per channel.</summary>
    public int ChannelSize;

    /// <summary>Of a channel.</summary>
    public int Segments;

    /// <summary>Elements of a segment.</summary>
    public int SegmentSize;

    /// <summary>Experts of this launch.</summary>
    public int Count;
    public int HasBase;
}
