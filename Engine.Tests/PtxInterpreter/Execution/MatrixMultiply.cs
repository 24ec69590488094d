using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Engine.PtxInterpreter;


/// <summary>
/// mma.m16n8: D = A B + C, where A is 16 x depth and B is depth x 8. Lane 4 g + p of a warp holds elements of rows g and g + 8 of A, of
/// column g of B, and of rows g and g + 8 of C and D; each register holds 1, 2 or 4 neighbouring elements, at place p along the other
/// dimension. All fragment layouts of the PTX ISA follow from that. 256 depth flops. Sums in double in ascending order and rounds once.
/// </summary>
internal sealed class MatrixMultiply(int depth, PtxType left, PtxType right, PtxType result)
{
    private const int Rows = 16;
    private const int Columns = 8;
    private const int LanesOfRow = 4;
    private const int HalfRows = Rows / 2;
    private const int MaxElements = 4;

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
        Span<double> a = stackalloc double[Rows * depth];
        Span<double> b = stackalloc double[depth * Columns];
        Span<double> sums = stackalloc double[Rows * Columns];
        ReadLeft(warp, a);
        ReadRight(warp, b);
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                sums[Place(lane, i)] = ReadAccumulator(warp, lane, i);
            }
        }

        Multiply(a, b, sums);
        Write(warp, sums);
    }

    private void ReadLeft(Warp warp, Span<double> a)
    {
        int perRegister = sizeof(uint) / left.Bytes();
        Span<double> elements = stackalloc double[Warp.Lanes * MaxElements];
        for (int r = 0; r < A.Length; r++)
        {
            MatrixElements.Read(left, warp.Slot(A[r]), elements);
            for (int i = 0; i < Warp.Lanes * perRegister; i++)
            {
                int row = (i / perRegister / LanesOfRow) + (r % 2 * HalfRows);
                int k = (i % (LanesOfRow * perRegister)) + (r / 2 * LanesOfRow * perRegister);
                a[(row * depth) + k] = elements[i];
            }
        }
    }

    private void ReadRight(Warp warp, Span<double> b)
    {
        int perRegister = sizeof(uint) / right.Bytes();
        Span<double> elements = stackalloc double[Warp.Lanes * MaxElements];
        for (int r = 0; r < B.Length; r++)
        {
            MatrixElements.Read(right, warp.Slot(B[r]), elements);
            for (int i = 0; i < Warp.Lanes * perRegister; i++)
            {
                int column = i / perRegister / LanesOfRow;
                int k = (i % (LanesOfRow * perRegister)) + (r * LanesOfRow * perRegister);
                b[(k * Columns) + column] = elements[i];
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
            for (int k = 0; k < depth; k++)
            {
                Vector256<double> element = Vector256.Create(a[(row * depth) + k]);
                low += element * columns[2 * k];
                high += element * columns[(2 * k) + 1];
            }

            results[2 * row] = low;
            results[(2 * row) + 1] = high;
        }
    }

    // Where element i of a lane's part of C and D lies.
    private static int Place(int lane, int i) =>
        (((lane / LanesOfRow) + (i / 2 * HalfRows)) * Columns) + (lane % LanesOfRow * 2) + (i % 2);

    private double ReadAccumulator(Warp warp, int lane, int i) => result switch
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
                double sum = sums[Place(lane, i)];
                switch (result)
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
