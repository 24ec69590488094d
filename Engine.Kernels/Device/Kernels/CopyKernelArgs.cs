using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the copy.</summary>
internal struct CopyKernelArgs<TFromElement, TToElement>
    where TFromElement : unmanaged
    where TToElement : unmanaged
{
    public ArrayView<TFromElement> X;
    public ArrayView<TToElement> Y;
    public int XStride;
    public int YStride;
    public int Rows;
    public int Columns;
}
