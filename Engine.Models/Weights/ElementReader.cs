using System;
using System.Numerics;
using System.Runtime.InteropServices;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Converts the stored elements of any dtype to a .NET number type.</summary>
internal static class ElementReader
{
    /// <summary>
    /// Converts element by element: floating-point targets round to nearest even, BOOL gives 0 or 1, integers wrap.
    /// The bytes need no alignment.
    /// </summary>
    /// <param name="bytes">As many elements as <paramref name="destination"/> has, little-endian.</param>
    /// <param name="dtype">How the elements are stored.</param>
    /// <param name="destination">Receives the values.</param>
    public static void Read<T>(ReadOnlySpan<byte> bytes, DType dtype, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        switch (dtype)
        {
            case DType.F64:
                Convert<double, T>(bytes, destination);
                break;
            case DType.F32:
                Convert<float, T>(bytes, destination);
                break;
            case DType.F16:
                Convert<Half, T>(bytes, destination);
                break;
            case DType.BF16:
                ReadBFloat16(bytes, destination);
                break;
            case DType.I64:
                Convert<long, T>(bytes, destination);
                break;
            case DType.I32:
                Convert<int, T>(bytes, destination);
                break;
            case DType.I16:
                Convert<short, T>(bytes, destination);
                break;
            case DType.I8:
                Convert<sbyte, T>(bytes, destination);
                break;
            case DType.U64:
                Convert<ulong, T>(bytes, destination);
                break;
            case DType.U32:
                Convert<uint, T>(bytes, destination);
                break;
            case DType.U16:
                Convert<ushort, T>(bytes, destination);
                break;
            case DType.U8:
                Convert<byte, T>(bytes, destination);
                break;
            case DType.Bool:
                ReadBool(bytes, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Unknown dtype.");
        }
    }

    private static void Convert<TStored, T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where TStored : unmanaged, INumber<TStored>
        where T : unmanaged, INumber<T>
    {
        if (typeof(TStored) == typeof(T))
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }

        ReadOnlySpan<TStored> source = MemoryMarshal.Cast<byte, TStored>(bytes);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(source[i]);
        }
    }

    private static void ReadBFloat16<T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<ushort> source = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(DTypes.WidenBFloat16(source[i]));
        }
    }

    private static void ReadBool<T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = bytes[i] == 0 ? T.Zero : T.One;
        }
    }
}
