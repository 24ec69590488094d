using System;

namespace Engine.PtxInterpreter;


/// <summary>The elements that registers of tensor core operands hold.</summary>
internal static class MatrixElements
{
    /// <summary>Reads the elements of all lanes of a register: one of tf32, two of 16 bits or four of 8 bits per lane.</summary>
    public static void Read(PtxType type, ReadOnlySpan<ulong> lanes, Span<double> elements)
    {
        switch (type)
        {
            case PtxType.TF32:
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    elements[lane] = Conversions.ReadTF32(lanes[lane]);
                }

                break;
            case PtxType.BF16:
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    elements[2 * lane] = Conversions.ReadBF16(lanes[lane] & 0xFFFF);
                    elements[(2 * lane) + 1] = Conversions.ReadBF16(lanes[lane] >> 16 & 0xFFFF);
                }

                break;
            case PtxType.F16:
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    elements[2 * lane] = (double)BitConverter.UInt16BitsToHalf((ushort)lanes[lane]);
                    elements[(2 * lane) + 1] = (double)BitConverter.UInt16BitsToHalf((ushort)(lanes[lane] >> 16));
                }

                break;
            default:
                for (int i = 0; i < 4 * lanes.Length; i++)
                {
                    byte bits = (byte)(lanes[i / 4] >> (8 * (i % 4)));
                    elements[i] = type == PtxType.S8 ? (sbyte)bits : bits;
                }

                break;
        }
    }
}
