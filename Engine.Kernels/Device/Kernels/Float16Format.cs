using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>F16 (IEEE binary16), converted with integer arithmetic: not every OpenCL device has the type.</summary>
internal readonly struct Float16Format : IStorageFormat<ushort>
{
    private const uint Infinity = 0x7F800000u;

    // The smallest normal binary16 and infinity, shifted to where float32 has its fraction.
    private const uint SmallestNormalBits = 0x400u << 13;
    private const uint InfinityBits = 0x7C00u << 13;

    // 65520, halfway between the largest binary16 and the next power of two: from here on numbers round to infinity.
    private const uint Overflow = 0x477FF000u;

    // 2^-14, the smallest normal binary16.
    private const uint SmallestNormal = 0x38800000u;

    public static float Load(ArrayView<ushort> view, long index) => Widen(view[index]);

    public static Float4 Load4(ArrayView<ushort> view, long index)
    {
        UInt2 bits = view.Cast<UInt2>()[index];
        return new() { X = Widen(bits.X & 0xFFFFu), Y = Widen(bits.X >> 16), Z = Widen(bits.Y & 0xFFFFu), W = Widen(bits.Y >> 16) };
    }

    public static void Store(ArrayView<ushort> view, long index, float value) => view[index] = Narrow(value);

    public static void Store4(ArrayView<ushort> view, long index, Float4 value) => view.Cast<UInt2>()[index] = new()
    {
        X = Narrow(value.X) | ((uint)Narrow(value.Y) << 16),
        Y = Narrow(value.Z) | ((uint)Narrow(value.W) << 16),
    };

    /// <summary>The float32 of the same value.</summary>
    public static float Widen(uint bits)
    {
        uint magnitude = (bits & 0x7FFFu) << 13;
        uint value = magnitude + 0x38000000u;

        // As the fraction of a number with the smallest normal one's exponent, from which that number is taken away again.
        float subnormal = Interop.IntAsFloat(magnitude + SmallestNormal) - Interop.IntAsFloat(SmallestNormal);
        value = magnitude < SmallestNormalBits ? Interop.FloatAsInt(subnormal) : value;
        value = magnitude >= InfinityBits ? magnitude | Infinity : value;
        return Interop.IntAsFloat(((bits & 0x8000u) << 16) | value);
    }

    /// <summary>Nearest, ties to even; from 65520 on infinity; NaN stays NaN.</summary>
    public static ushort Narrow(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        uint sign = (bits >> 16) & 0x8000u;
        uint magnitude = bits & 0x7FFFFFFFu;
        if (magnitude > Infinity)
        {
            return (ushort)(sign | 0x7E00u | ((magnitude >> 13) & 0x3FFu));
        }

        if (magnitude >= Overflow)
        {
            return (ushort)(sign | 0x7C00u);
        }

        if (magnitude < SmallestNormal)
        {
            // Adding 0.5 leaves a multiple of 2^-24, rounded to nearest even by the addition itself.
            return (ushort)(sign | (Interop.FloatAsInt(Interop.IntAsFloat(magnitude) + 0.5f) - 0x3F000000u));
        }

        return (ushort)(sign | ((magnitude - 0x38000000u + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13));
    }
}
