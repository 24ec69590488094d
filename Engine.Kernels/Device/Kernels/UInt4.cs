namespace Engine.Kernels.Device;

/// <summary>Sixteen bytes that are loaded at once: eight elements of a 16-bit format.</summary>
internal struct UInt4
{
    public uint X;
    public uint Y;
    public uint Z;
    public uint W;
}
