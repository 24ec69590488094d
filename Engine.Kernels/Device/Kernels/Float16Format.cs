using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>F16 (IEEE binary16), converted with integer arithmetic: not every OpenCL device has the type.</summary>
internal readonly struct Float16Format : IStorageFormat<ushort>
{
    private const uint Infinity = 0x7F800000u;

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

    public static Float8 Load8(ArrayView<ushort> view, long index)
    {
        UInt4 bits = view.Cast<UInt4>()[index];
        return new()
        {
            Low = new() { X = Widen(bits.X & 0xFFFFu), Y = Widen(bits.X >> 16), Z = Widen(bits.Y & 0xFFFFu), W = Widen(bits.Y >> 16) },
            High = new() { X = Widen(bits.Z & 0xFFFFu), Y = Widen(bits.Z >> 16), Z = Widen(bits.W & 0xFFFFu), W = Widen(bits.W >> 16) },
        };
    }

    public static void Store(ArrayView<ushort> view, long index, float value) => view[index] = Narrow(value);

    /// <summary>The float32 of the same value.</summary>
    public static float Widen(uint bits)
    {
        uint sign = (bits & 0x8000u) << 16;
        uint magnitude = bits & 0x7FFFu;
        if (magnitude >= 0x7C00u)
        {
            return Interop.IntAsFloat(sign | Infinity | ((magnitude & 0x3FFu) << 13));
        }

        // Subnormal numbers are multiples of 2^-24.
        float value = magnitude < 0x400u ? magnitude * 5.9604644775390625E-08f : Interop.IntAsFloat((magnitude << 13) + 0x38000000u);
        return Interop.IntAsFloat(sign | Interop.FloatAsInt(value));
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
