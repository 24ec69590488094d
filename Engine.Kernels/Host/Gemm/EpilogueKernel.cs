using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Applies a <see cref="GemmEpilogue"/> to a tile of raw sums that is still in the first-level cache.
/// The order of the steps is the one <see cref="GemmArgs"/> documents.</summary>
internal static unsafe class EpilogueKernel<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    /// <summary>Finishes one tile.</summary>
    /// <param name="epilogue">Its pointers point at the tile's first element.</param>
    /// <param name="sums">[rows, columns] sums over k.</param>
    /// <param name="sumsStride">Floats from one row of sums to the next.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    public static void Apply(in GemmEpilogue epilogue, float* sums, nint sumsStride, int rows, int columns)
    {
        GemmEpilogue row = epilogue;
        int whole = columns - (columns % TIsa.Width);
        for (int i = 0; i < rows; i++)
        {
            Row(row, sums, whole);
            if (whole < columns)
            {
                Tail(row.At(0, whole), sums + whole, columns - whole);
            }

            row = row.At(1, 0);
            row.Bias = epilogue.Bias;
            sums += sumsStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(in GemmEpilogue row, float* sums, int columns)
    {
        for (int j = 0; j < columns; j += TIsa.Width)
        {
            TVector value = TIsa.Load(sums + j);
            if (row.Accumulate)
            {
                value = TIsa.Add(value, TIsa.Load(row.C + j));
            }

            if (row.Bias != null)
            {
                value = TIsa.Add(value, TIsa.Load(row.Bias + j));
            }

            if (row.PreActivation != null)
            {
                TIsa.Store(value, row.PreActivation + j);
            }

            if (row.Activation != Activation.None)
            {
                value = ActivationMath<TIsa, TVector>.Apply(row.Activation, value);
            }

            if (row.GradientInput != null)
            {
                value = TIsa.Multiply(
                    value, ActivationMath<TIsa, TVector>.Derivative(row.Gradient, TIsa.Load(row.GradientInput + j)));
            }

            if (row.Residual != null)
            {
                value = TIsa.Add(value, TIsa.Load(row.Residual + j));
            }

            TIsa.Store(value, row.C + j);
        }
    }

    /// <summary>Fewer columns than a register holds: the operands take a detour through full registers on the stack.</summary>
    private static void Tail(in GemmEpilogue row, float* sums, int columns)
    {
        int width = TIsa.Width;
        float* stage = stackalloc float[6 * width];
        new Span<float>(stage, 6 * width).Clear();
        GemmEpilogue staged = row;
        staged.C = stage + width;
        staged.Bias = row.Bias == null ? null : stage + (2 * width);
        staged.PreActivation = row.PreActivation == null ? null : stage + (3 * width);
        staged.GradientInput = row.GradientInput == null ? null : stage + (4 * width);
        staged.Residual = row.Residual == null ? null : stage + (5 * width);
        Copy(sums, stage, columns);
        Copy(row.Accumulate ? row.C : null, staged.C, columns);
        Copy(row.Bias, staged.Bias, columns);
        Copy(row.GradientInput, staged.GradientInput, columns);
        Copy(row.Residual, staged.Residual, columns);
        Row(staged, stage, width);
        Copy(staged.PreActivation, row.PreActivation, columns);
        Copy(staged.C, row.C, columns);
    }

    private static void Copy(float* source, float* destination, int count)
    {
        for (int i = 0; source != null && i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
