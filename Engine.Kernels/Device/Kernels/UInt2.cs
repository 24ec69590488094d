namespace Engine.Kernels.Device;

/// <summary>Eight bytes that are loaded and stored at once: four elements of a 16-bit format.</summary>
internal struct UInt2
{
    public uint X;
    public uint Y;
}
