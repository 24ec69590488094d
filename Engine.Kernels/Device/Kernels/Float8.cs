namespace Engine.Kernels.Device;

/// <summary>Eight floats in registers: what sixteen bytes of a 16-bit format, or two loads of float32, widen to.</summary>
internal struct Float8
{
    /// <summary>Floats in it.</summary>
    public const int Width = 8;

    public Float4 Low;
    public Float4 High;
}
