namespace Engine.Kernels.Host;

/// <summary>Constants for widening binary16 with integer and float instructions: .NET exposes no F16C instructions.
/// The magnitude is moved to binary32's position, then its exponent is rebiased; subnormals become normal by giving them
/// the exponent of 2^-14 and subtracting 2^-14; infinity and NaN take the rest of the way to the largest exponent.
/// Narrowing is the reverse: adding just below half a unit, and the last bit, rounds to nearest even; adding 0.5 makes
/// the processor round subnormals to multiples of 2^-24.</summary>
internal static class Float16Bits
{
    /// <summary>Sign of a binary16.</summary>
    public const uint SignMask = 0x8000;

    /// <summary>All but the sign.</summary>
    public const uint MagnitudeMask = 0x7FFF;

    /// <summary>Mantissa bits of binary32 less those of binary16.</summary>
    public const int MantissaShift = 13;

    /// <summary>Difference of the exponent biases, 127 - 15, in binary32's exponent field.</summary>
    public const uint ExponentBias = 112u << 23;

    /// <summary>2^-14 as binary32.</summary>
    public const uint SubnormalOne = 113u << 23;

    /// <summary>The smallest normal binary16, shifted.</summary>
    public const uint SmallestNormal = 0x0400u << MantissaShift;

    /// <summary>Infinity as binary16, shifted.</summary>
    public const uint Infinity = 0x7C00u << MantissaShift;

    /// <summary>One less than half of a binary16's last place, in binary32.</summary>
    public const int HalfUlpBelow = 0x0FFF;

    /// <summary>65520 as binary32: it and all above round to infinity.</summary>
    public const int Overflow = 0x477F_F000;

    /// <summary>Infinity as binary32; NaNs are above.</summary>
    public const int SingleInfinity = 0x7F80_0000;
}
