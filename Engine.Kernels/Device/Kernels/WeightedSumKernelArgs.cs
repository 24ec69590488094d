using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the kernels of the weighted sum.</summary>
internal struct WeightedSumKernelArgs<TBaseElement, TElement>
    where TBaseElement : unmanaged
    where TElement : unmanaged
{
    public ArrayView<TBaseElement> Base;
    public ExpertViews<TElement> Experts;

    /// <summary>Routing weights, those of this launch's experts first.</summary>
    public ArrayView<float> Weights;
    public ArrayView<float> Output;

    /// <summary>P.</summary>
    public int Elements;

    /// <summary>Experts of this launch.</summary>
    public int Count;
    public int HasBase;

    /// <summary>1: the output holds the sum of the experts before.</summary>
    public int Continues;

    /// <summary>Elements per channel, or the number of channels if the channel is the column.</summary>
    public int ChannelSize;
    public int ChannelIsColumn;

    /// <summary>Weights from one channel to the next; 0 if all channels share them.</summary>
    public int WeightStride;
}
