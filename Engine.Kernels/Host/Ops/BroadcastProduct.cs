using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// C (+)= A B for the small products inside attention: C [rows, columns], A [rows, depth] with any strides, B [depth, columns].
/// 2 rows columns depth flops. Scalars of A are broadcast, rows of B loaded as registers, an 8 x 2 block of registers of C (4 x 2 where
/// there are only 16 registers) stays put over the whole depth: 16 multiply-adds for 10 loads, so that loads do not limit.
/// Because A may be read along rows or columns, no operand is ever packed or transposed for it.
/// Each element of C is summed in the order of the depth, so results do not depend on how rows and columns are blocked.
/// </summary>
internal static unsafe class BroadcastProduct<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>Rows are padded to a multiple of this; what A and C hold there must be readable and writable.</summary>
    public const int RowPadding = 8;

    /// <summary>Computes the product.</summary>
    /// <param name="a">A[r, k] is at a + r * a.Row + k * a.Step.</param>
    /// <param name="b">Rows of B, whole registers.</param>
    /// <param name="c">Rows of C, whole registers.</param>
    /// <param name="rows">Rounded up to <see cref="RowPadding"/>.</param>
    /// <param name="vectors">Columns in registers.</param>
    /// <param name="depth">Length of the inner products.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(BroadcastOperand a, HeadMatrix b, HeadMatrix c, int rows, int vectors, int depth, bool accumulate)
    {
        for (int row = 0; row < rows; row += RowPadding)
        {
            float* aBlock = a.Address + (row * a.Row);
            float* cBlock = c.Address + (row * c.Stride);
            int vector = 0;
            for (; vector + 2 <= vectors; vector += 2)
            {
                int column = vector * TIsa.Width;
                if (TIsa.Width >= 16)
                {
                    Block8x2(aBlock, a.Row, a.Step, b.Address + column, b.Stride, cBlock + column, c.Stride, depth, accumulate);
                }
                else
                {
                    Block4x2(aBlock, a.Row, a.Step, b.Address + column, b.Stride, cBlock + column, c.Stride, depth, accumulate);
                    Block4x2(
                        aBlock + (4 * a.Row), a.Row, a.Step, b.Address + column, b.Stride, cBlock + (4 * c.Stride) + column, c.Stride, depth, accumulate);
                }
            }

            if (vector < vectors)
            {
                int column = vector * TIsa.Width;
                Block8x1(aBlock, a.Row, a.Step, b.Address + column, b.Stride, cBlock + column, c.Stride, depth, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x2(
        float* a, nint aRow, nint aStep, float* b, nint bStride, float* c, nint cStride, int depth, bool accumulate)
    {
        int w = TIsa.Width;
        TVector c00 = TIsa.Zero, c01 = TIsa.Zero, c10 = TIsa.Zero, c11 = TIsa.Zero, c20 = TIsa.Zero, c21 = TIsa.Zero;
        TVector c30 = TIsa.Zero, c31 = TIsa.Zero, c40 = TIsa.Zero, c41 = TIsa.Zero, c50 = TIsa.Zero, c51 = TIsa.Zero;
        TVector c60 = TIsa.Zero, c61 = TIsa.Zero, c70 = TIsa.Zero, c71 = TIsa.Zero;
        if (accumulate)
        {
            c00 = TIsa.Load(c);
            c01 = TIsa.Load(c + w);
            c10 = TIsa.Load(c + cStride);
            c11 = TIsa.Load(c + cStride + w);
            c20 = TIsa.Load(c + (2 * cStride));
            c21 = TIsa.Load(c + (2 * cStride) + w);
            c30 = TIsa.Load(c + (3 * cStride));
            c31 = TIsa.Load(c + (3 * cStride) + w);
            c40 = TIsa.Load(c + (4 * cStride));
            c41 = TIsa.Load(c + (4 * cStride) + w);
            c50 = TIsa.Load(c + (5 * cStride));
            c51 = TIsa.Load(c + (5 * cStride) + w);
            c60 = TIsa.Load(c + (6 * cStride));
            c61 = TIsa.Load(c + (6 * cStride) + w);
            c70 = TIsa.Load(c + (7 * cStride));
            c71 = TIsa.Load(c + (7 * cStride) + w);
        }

        float* a4 = a + (4 * aRow);
        for (int k = 0; k < depth; k++)
        {
            TVector b0 = TIsa.Load(b);
            TVector b1 = TIsa.Load(b + w);
            TVector x = TIsa.Broadcast(a[0]);
            c00 = TIsa.MultiplyAdd(x, b0, c00);
            c01 = TIsa.MultiplyAdd(x, b1, c01);
            x = TIsa.Broadcast(a[aRow]);
            c10 = TIsa.MultiplyAdd(x, b0, c10);
            c11 = TIsa.MultiplyAdd(x, b1, c11);
            x = TIsa.Broadcast(a[2 * aRow]);
            c20 = TIsa.MultiplyAdd(x, b0, c20);
            c21 = TIsa.MultiplyAdd(x, b1, c21);
            x = TIsa.Broadcast(a[3 * aRow]);
            c30 = TIsa.MultiplyAdd(x, b0, c30);
            c31 = TIsa.MultiplyAdd(x, b1, c31);
            x = TIsa.Broadcast(a4[0]);
            c40 = TIsa.MultiplyAdd(x, b0, c40);
            c41 = TIsa.MultiplyAdd(x, b1, c41);
            x = TIsa.Broadcast(a4[aRow]);
            c50 = TIsa.MultiplyAdd(x, b0, c50);
            c51 = TIsa.MultiplyAdd(x, b1, c51);
            x = TIsa.Broadcast(a4[2 * aRow]);
            c60 = TIsa.MultiplyAdd(x, b0, c60);
            c61 = TIsa.MultiplyAdd(x, b1, c61);
            x = TIsa.Broadcast(a4[3 * aRow]);
            c70 = TIsa.MultiplyAdd(x, b0, c70);
            c71 = TIsa.MultiplyAdd(x, b1, c71);
            a += aStep;
            a4 += aStep;
            b += bStride;
        }

        TIsa.Store(c00, c);
        TIsa.Store(c01, c + w);
        TIsa.Store(c10, c + cStride);
        TIsa.Store(c11, c + cStride + w);
        TIsa.Store(c20, c + (2 * cStride));
        TIsa.Store(c21, c + (2 * cStride) + w);
        TIsa.Store(c30, c + (3 * cStride));
        TIsa.Store(c31, c + (3 * cStride) + w);
        TIsa.Store(c40, c + (4 * cStride));
        TIsa.Store(c41, c + (4 * cStride) + w);
        TIsa.Store(c50, c + (5 * cStride));
        TIsa.Store(c51, c + (5 * cStride) + w);
        TIsa.Store(c60, c + (6 * cStride));
        TIsa.Store(c61, c + (6 * cStride) + w);
        TIsa.Store(c70, c + (7 * cStride));
        TIsa.Store(c71, c + (7 * cStride) + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block4x2(
        float* a, nint aRow, nint aStep, float* b, nint bStride, float* c, nint cStride, int depth, bool accumulate)
    {
        int w = TIsa.Width;
        TVector c00 = TIsa.Zero, c01 = TIsa.Zero, c10 = TIsa.Zero, c11 = TIsa.Zero;
        TVector c20 = TIsa.Zero, c21 = TIsa.Zero, c30 = TIsa.Zero, c31 = TIsa.Zero;
        if (accumulate)
        {
            c00 = TIsa.Load(c);
            c01 = TIsa.Load(c + w);
            c10 = TIsa.Load(c + cStride);
            c11 = TIsa.Load(c + cStride + w);
            c20 = TIsa.Load(c + (2 * cStride));
            c21 = TIsa.Load(c + (2 * cStride) + w);
            c30 = TIsa.Load(c + (3 * cStride));
            c31 = TIsa.Load(c + (3 * cStride) + w);
        }

        for (int k = 0; k < depth; k++)
        {
            TVector b0 = TIsa.Load(b);
            TVector b1 = TIsa.Load(b + w);
            TVector x = TIsa.Broadcast(a[0]);
            c00 = TIsa.MultiplyAdd(x, b0, c00);
            c01 = TIsa.MultiplyAdd(x, b1, c01);
            x = TIsa.Broadcast(a[aRow]);
            c10 = TIsa.MultiplyAdd(x, b0, c10);
            c11 = TIsa.MultiplyAdd(x, b1, c11);
            x = TIsa.Broadcast(a[2 * aRow]);
            c20 = TIsa.MultiplyAdd(x, b0, c20);
            c21 = TIsa.MultiplyAdd(x, b1, c21);
            x = TIsa.Broadcast(a[3 * aRow]);
            c30 = TIsa.MultiplyAdd(x, b0, c30);
            c31 = TIsa.MultiplyAdd(x, b1, c31);
            a += aStep;
            b += bStride;
        }

        TIsa.Store(c00, c);
        TIsa.Store(c01, c + w);
        TIsa.Store(c10, c + cStride);
        TIsa.Store(c11, c + cStride + w);
        TIsa.Store(c20, c + (2 * cStride));
        TIsa.Store(c21, c + (2 * cStride) + w);
        TIsa.Store(c30, c + (3 * cStride));
        TIsa.Store(c31, c + (3 * cStride) + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block8x1(
        float* a, nint aRow, nint aStep, float* b, nint bStride, float* c, nint cStride, int depth, bool accumulate)
    {
        TVector c0 = TIsa.Zero, c1 = TIsa.Zero, c2 = TIsa.Zero, c3 = TIsa.Zero;
        TVector c4 = TIsa.Zero, c5 = TIsa.Zero, c6 = TIsa.Zero, c7 = TIsa.Zero;
        if (accumulate)
        {
            c0 = TIsa.Load(c);
            c1 = TIsa.Load(c + cStride);
            c2 = TIsa.Load(c + (2 * cStride));
            c3 = TIsa.Load(c + (3 * cStride));
            c4 = TIsa.Load(c + (4 * cStride));
            c5 = TIsa.Load(c + (5 * cStride));
            c6 = TIsa.Load(c + (6 * cStride));
            c7 = TIsa.Load(c + (7 * cStride));
        }

        float* a4 = a + (4 * aRow);
        for (int k = 0; k < depth; k++)
        {
            TVector x = TIsa.Load(b);
            c0 = TIsa.MultiplyAdd(TIsa.Broadcast(a[0]), x, c0);
            c1 = TIsa.MultiplyAdd(TIsa.Broadcast(a[aRow]), x, c1);
            c2 = TIsa.MultiplyAdd(TIsa.Broadcast(a[2 * aRow]), x, c2);
            c3 = TIsa.MultiplyAdd(TIsa.Broadcast(a[3 * aRow]), x, c3);
            c4 = TIsa.MultiplyAdd(TIsa.Broadcast(a4[0]), x, c4);
            c5 = TIsa.MultiplyAdd(TIsa.Broadcast(a4[aRow]), x, c5);
            c6 = TIsa.MultiplyAdd(TIsa.Broadcast(a4[2 * aRow]), x, c6);
            c7 = TIsa.MultiplyAdd(TIsa.Broadcast(a4[3 * aRow]), x, c7);
            a += aStep;
            a4 += aStep;
            b += bStride;
        }

        TIsa.Store(c0, c);
        TIsa.Store(c1, c + cStride);
        TIsa.Store(c2, c + (2 * cStride));
        TIsa.Store(c3, c + (3 * cStride));
        TIsa.Store(c4, c + (4 * cStride));
        TIsa.Store(c5, c + (5 * cStride));
        TIsa.Store(c6, c + (6 * cStride));
        TIsa.Store(c7, c + (7 * cStride));
    }
}
