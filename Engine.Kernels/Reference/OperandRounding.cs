using System;

namespace Engine.Kernels.Reference;

/// <summary>What <see cref="Precision"/> does to operands of products.</summary>
internal static class OperandRounding
{
    // Bits of a float32 that TF32 has not.
    private const uint DroppedBits = 0x1FFF;

    /// <summary>The operand that is multiplied.</summary>
    public static double Round(double value, Precision precision) => precision switch
    {
        Precision.Float32 => value,
        Precision.TensorFloat32 => RoundToTensorFloat32((float)value),
        Precision.BFloat16 => DTypes.WidenBFloat16(DTypes.NarrowToBFloat16((float)value)),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Unknown precision."),
    };

    /// <summary>Adding half of the last bit to the magnitude and cutting rounds ties away from zero.</summary>
    private static float RoundToTensorFloat32(float value) => float.IsFinite(value)
        ? BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + ((DroppedBits + 1) / 2)) & ~DroppedBits)
        : value;
}
