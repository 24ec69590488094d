using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Arguments of the fill.</summary>
internal struct FillKernelArgs<TElement>
    where TElement : unmanaged
{
    public ArrayView<TElement> X;
    public int XStride;
    public int Rows;
    public int Columns;
    public float Value;
}
