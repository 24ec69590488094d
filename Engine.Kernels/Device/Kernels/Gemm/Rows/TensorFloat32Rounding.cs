using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>To TF32, of whose magnitude ten bits follow the first: nearest, ties away from zero.</summary>
internal readonly struct TensorFloat32Rounding : IOperandRounding
{
    private const uint HalfOfLastBit = 0x1000;
    private const uint KeptBits = 0xFFFFE000;
    private const uint Exponent = 0x7F800000;

    public static string Suffix => "_to_tf32";

    public static Float4 Round(Float4 x) => new(Round(x.X), Round(x.Y), Round(x.Z), Round(x.W));

    private static float Round(float x)
    {
        uint bits = Interop.FloatAsInt(x);
        return Interop.IntAsFloat((bits & Exponent) == Exponent ? bits : (bits + HalfOfLastBit) & KeptBits);
    }
}
