using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>BF16: the upper half of a float32.</summary>
internal readonly struct BFloat16Format : IStorageFormat<ushort>
{
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
    public static float Widen(uint bits) => Interop.IntAsFloat(bits << 16);

    /// <summary>Nearest, ties to even; NaN stays NaN.</summary>
    public static ushort Narrow(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        uint rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
        return (ushort)((bits & 0x7FFFFFFFu) > 0x7F800000u ? (bits >> 16) | 0x40u : rounded);
    }
}
