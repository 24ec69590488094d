using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engine.PtxInterpreter;


/// <summary>
/// mma.m16n8: D = A B + C, where A is 16 x depth and B is depth x 8. Lane 4 g + p of a warp holds elements of rows g and g + 8 of A, of
/// column g of B, and of rows g and g + 8 of C and D; each register holds 1, 2 or 4 neighbouring elements, at place p along the other
/// dimension. All fragment layouts of the PTX ISA follow from that. 256 depth flops. Sums in double in ascending order and rounds once.
/// </summary>
internal sealed class MatrixMultiply
{
    private const int Rows = 16;
    private const int Columns = 8;
    private const int LanesOfRow = 4;
    private const int HalfRows = Rows / 2;
    private const int MaxElements = 4;

    private readonly int _depth;
    private readonly PtxType _left;
    private readonly PtxType _right;
    private readonly PtxType _result;

    // Where the elements of each register lie in A (row by row), in B (row by row) and in C, in the order of lanes.
    private readonly int[][] _placesOfA;
    private readonly int[][] _placesOfB;
    private readonly int[] _placesOfC;

    public MatrixMultiply(int depth, PtxType left, PtxType right, PtxType result)
    {
        _depth = depth;
        _left = left;
        _right = right;
        _result = result;
        int registers = LeftRegisters(depth, left);
        int perRegister = sizeof(uint) / left.Bytes();
        int perRow = LanesOfRow * perRegister;
        IEnumerable<int> elements = Enumerable.Range(0, Warp.Lanes * perRegister);
        _placesOfA =
        [
            .. from register in Enumerable.Range(0, registers)
               let row = register % 2 * HalfRows
               let k = register / 2 * perRow
               select elements.Select(i => (((i / perRow) + row) * depth) + (i % perRow) + k).ToArray(),
        ];
        _placesOfB =
        [
            .. from register in Enumerable.Range(0, registers / 2)
               select elements.Select(i => (((i % perRow) + (register * perRow)) * Columns) + (i / perRow)).ToArray(),
        ];
        _placesOfC =
        [
            .. from lane in Enumerable.Range(0, Warp.Lanes)
               from i in Enumerable.Range(0, 4)
               select (((lane / LanesOfRow) + (i / 2 * HalfRows)) * Columns) + (lane % LanesOfRow * 2) + (i % 2),
        ];
    }

    /// <summary>The slots of D.</summary>
    public required int[] D { get; init; }

    /// <summary>The slots of A.</summary>
    public required int[] A { get; init; }

    /// <summary>The slots of B.</summary>
    public required int[] B { get; init; }

    /// <summary>The slots of C.</summary>
    public required int[] C { get; init; }

    /// <summary>The registers of a lane that hold A; B has half as many.</summary>
    public static int LeftRegisters(int depth, PtxType left) => Rows * depth * left.Bytes() / sizeof(uint) / Warp.Lanes;

    /// <summary>Stops unless all lanes run an instruction.</summary>
    public static void RequireWholeWarp(Warp warp, uint lanes)
    {
        if (lanes != Warp.AllLanes)
        {
            throw new PtxExecutionException($"only lanes {lanes:x8} run an instruction of the whole warp", warp.Line);
        }
    }

    /// <summary>The work of a warp.</summary>
    public void Run(Warp warp, uint lanes)
    {
        RequireWholeWarp(warp, lanes);
        Span<double> a = stackalloc double[Rows * _depth];
        Span<double> b = stackalloc double[_depth * Columns];
        Span<double> sums = stackalloc double[Rows * Columns];
        Read(warp, _left, A, _placesOfA, a);
        Read(warp, _right, B, _placesOfB, b);
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                sums[_placesOfC[(4 * lane) + i]] = ReadAccumulator(warp, lane, i);
            }
        }

        Multiply(a, b, sums);
        Write(warp, sums);
    }

    private static void Read(Warp warp, PtxType type, int[] slots, int[][] places, Span<double> matrix)
    {
        Span<double> elements = stackalloc double[Warp.Lanes * MaxElements];
        for (int register = 0; register < slots.Length; register++)
        {
            MatrixElements.Read(type, warp.Slot(slots[register]), elements);
            int[] targets = places[register];
            for (int i = 0; i < targets.Length; i++)
            {
                matrix[targets[i]] = elements[i];
            }
        }
    }

    // Products of these formats are exact in double: whether they are fused with the additions does not matter.
    private void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> sums)
    {
        ReadOnlySpan<Vector256<double>> columns = MemoryMarshal.Cast<double, Vector256<double>>(b);
        Span<Vector256<double>> results = MemoryMarshal.Cast<double, Vector256<double>>(sums);
        for (int row = 0; row < Rows; row++)
        {
            Vector256<double> low = results[2 * row];
            Vector256<double> high = results[(2 * row) + 1];
            for (int k = 0; k < _depth; k++)
            {
                Vector256<double> element = Vector256.Create(a[(row * _depth) + k]);
                low += element * columns[2 * k];
                high += element * columns[(2 * k) + 1];
            }

            results[2 * row] = low;
            results[(2 * row) + 1] = high;
        }
    }

    private double ReadAccumulator(Warp warp, int lane, int i) => _result switch
    {
        PtxType.F32 => ScalarFunctions.F32(warp[C[i], lane]),
        PtxType.S32 => (int)warp[C[i], lane],
        _ => (double)BitConverter.UInt16BitsToHalf((ushort)(warp[C[i / 2], lane] >> (16 * (i % 2)))),
    };

    private void Write(Warp warp, ReadOnlySpan<double> sums)
    {
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                double sum = sums[_placesOfC[(4 * lane) + i]];
                switch (_result)
                {
                    case PtxType.F32:
                        warp[D[i], lane] = ScalarFunctions.Bits((float)sum);
                        break;
                    case PtxType.S32:
                        warp[D[i], lane] = (uint)(long)sum;
                        break;
                    default:
                        ulong half = BitConverter.HalfToUInt16Bits((Half)sum);
                        warp[D[i / 2], lane] = i % 2 == 0 ? half : warp[D[i / 2], lane] | half << 16;
                        break;
                }
            }
        }
    }
}
