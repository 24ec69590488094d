namespace Engine.Kernels.Device;

/// <summary>Sums of four columns of up to four rows.</summary>
internal struct RowSums
{
    public Float4 First;
    public Float4 Second;
    public Float4 Third;
    public Float4 Fourth;
}
