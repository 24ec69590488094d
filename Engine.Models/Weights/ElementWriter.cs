using System;
using System.Runtime.InteropServices;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Converts floating-point elements into the dtype in which they are stored, rounding to nearest even.</summary>
internal static class ElementWriter
{
    /// <summary>True if elements can be stored in the other dtype.</summary>
    public static bool CanConvert(DType source, DType stored) => source == stored || (source.IsFloatingPoint() && stored.IsFloatingPoint());

    /// <summary>Converts elements. A finite number beyond the range of the stored dtype becomes infinite.</summary>
    /// <param name="source">Elements of dtype <paramref name="from"/>.</param>
    /// <param name="from">A floating-point dtype.</param>
    /// <param name="destination">As many elements of dtype <paramref name="to"/>.</param>
    /// <param name="to">A floating-point dtype.</param>
    public static void Convert(ReadOnlySpan<byte> source, DType from, Span<byte> destination, DType to)
    {
        switch (to)
        {
            case DType.F64:
                ElementReader.Read(source, from, MemoryMarshal.Cast<byte, double>(destination));
                break;
            case DType.F32:
                ElementReader.Read(source, from, MemoryMarshal.Cast<byte, float>(destination));
                break;
            case DType.F16:
                ElementReader.Read(source, from, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            case DType.BF16 when from == DType.BF16:
                source.CopyTo(destination);
                break;
            case DType.BF16 when from == DType.F64:
                NarrowDoubles(MemoryMarshal.Cast<byte, double>(source), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case DType.BF16 when from == DType.F32:
                NarrowSingles(MemoryMarshal.Cast<byte, float>(source), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case DType.BF16 when from == DType.F16:
                NarrowHalves(MemoryMarshal.Cast<byte, Half>(source), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(to), to, $"Cannot store {from} as {to}.");
        }
    }

    /// <summary>The first element that was finite and is infinite now, or -1.</summary>
    /// <inheritdoc cref="Convert"/>
    public static int FirstOverflow(ReadOnlySpan<byte> source, DType from, ReadOnlySpan<byte> destination, DType to)
    {
        int size = to.SizeInBytes();
        int start = 0;
        while (NextInfinity(destination[(start * size)..], to) is int next and >= 0)
        {
            if (double.IsFinite(ElementAt(source, from, start + next)))
            {
                return start + next;
            }

            start += next + 1;
        }

        return -1;
    }

    /// <summary>True if a finite number of one dtype can lie beyond the range of the other.</summary>
    public static bool CanOverflow(DType from, DType to) => to switch
    {
        DType.F16 => from != DType.F16,
        DType.F32 => from == DType.F64,
        DType.BF16 => from is DType.F64 or DType.F32,
        _ => false,
    };

    /// <summary>One floating-point element.</summary>
    public static double ElementAt(ReadOnlySpan<byte> elements, DType dtype, int index) => dtype switch
    {
        DType.F64 => MemoryMarshal.Cast<byte, double>(elements)[index],
        DType.F32 => MemoryMarshal.Cast<byte, float>(elements)[index],
        DType.F16 => (double)MemoryMarshal.Cast<byte, Half>(elements)[index],
        _ => DTypes.WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(elements)[index]),
    };

    private static int NextInfinity(ReadOnlySpan<byte> elements, DType dtype) => dtype switch
    {
        DType.F16 => MemoryMarshal.Cast<byte, ushort>(elements).IndexOfAny((ushort)0x7C00, (ushort)0xFC00),
        DType.BF16 => MemoryMarshal.Cast<byte, ushort>(elements).IndexOfAny((ushort)0x7F80, (ushort)0xFF80),
        _ => MemoryMarshal.Cast<byte, float>(elements).IndexOfAny(float.PositiveInfinity, float.NegativeInfinity),
    };

    private static void NarrowSingles(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = DTypes.NarrowToBFloat16(source[i]);
        }
    }

    private static void NarrowHalves(ReadOnlySpan<Half> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = DTypes.NarrowToBFloat16((float)source[i]);
        }
    }

    private static void NarrowDoubles(ReadOnlySpan<double> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = DTypes.NarrowToBFloat16(RoundToOdd(source[i]));
        }
    }

    // Rounding twice to nearest can be wrong by one unit; rounding to odd first cannot (Boldo and Melquiond 2008).
    private static float RoundToOdd(double value)
    {
        float nearest = (float)value;
        if (nearest == value || double.IsNaN(value))
        {
            return nearest;
        }

        uint bits = BitConverter.SingleToUInt32Bits(nearest);
        if (Math.Abs((double)nearest) > Math.Abs(value))
        {
            bits--;
        }

        return BitConverter.UInt32BitsToSingle(bits | 1);
    }
}
