using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Applies a <see cref="GemmEpilogue"/> to a tile of raw sums that is still in the first-level cache.
/// The order of the steps is the one <see cref="GemmArgs"/> documents.</summary>
internal static unsafe class EpilogueKernel<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    /// <summary>Finishes one tile of C.</summary>
    /// <param name="epilogue">What to do; its pointers are those of all of C.</param>
    /// <param name="row">First row of the tile.</param>
    /// <param name="column">First column of the tile.</param>
    /// <param name="sums">[rows, columns] sums over k; overwritten.</param>
    /// <param name="sumsStride">Floats from one row of sums to the next.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(
        in GemmEpilogue epilogue, int row, int column, float* sums, nint sumsStride, int rows, int columns)
    {
        bool isLinear = epilogue.Activation == Activation.None && epilogue.GradientInput == null;
        int whole = columns - (columns % TIsa.Width);
        float* bias = epilogue.Bias == null ? null : epilogue.Bias + column;
        for (int end = row + rows; row < end; row++)
        {
            float* c = GemmEpilogue.Offset(epilogue.C, epilogue.CStride, row, column);
            float* preActivation = GemmEpilogue.Offset(epilogue.PreActivation, epilogue.PreActivationStride, row, column);
            float* residual = GemmEpilogue.Offset(epilogue.Residual, epilogue.ResidualStride, row, column);
            if (isLinear)
            {
                AddAll(sums, epilogue.Accumulate ? c : null, bias, preActivation, residual, c, whole);
            }
            else
            {
                float* gradientInput = GemmEpilogue.Offset(epilogue.GradientInput, epilogue.GradientInputStride, row, column);
                AddAll(sums, epilogue.Accumulate ? c : null, bias, preActivation, null, sums, whole);
                ApplyNonlinear(epilogue.Activation, epilogue.Gradient, gradientInput, sums, whole);
                AddAll(sums, null, null, null, residual, c, whole);
            }

            if (whole < columns)
            {
                Tail(epilogue, row, column + whole, sums + whole, columns - whole);
            }

            sums += sumsStride;
        }
    }

    /// <summary>result = sums + addend + bias (stored to copy too) + last; each but sums and result may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAll(float* sums, float* addend, float* bias, float* copy, float* last, float* result, int columns)
    {
        for (int j = 0; j < columns; j += TIsa.Width)
        {
            TVector value = TIsa.Load(sums + j);
            if (addend != null)
            {
                value = TIsa.Add(value, TIsa.Load(addend + j));
            }

            if (bias != null)
            {
                value = TIsa.Add(value, TIsa.Load(bias + j));
            }

            if (copy != null)
            {
                TIsa.Store(value, copy + j);
            }

            if (last != null)
            {
                value = TIsa.Add(value, TIsa.Load(last + j));
            }

            TIsa.Store(value, result + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyNonlinear(
        Activation activation, Activation gradient, float* gradientInput, float* sums, int columns)
    {
        if (activation != Activation.None)
        {
            for (int j = 0; j < columns; j += TIsa.Width)
            {
                TIsa.Store(ActivationMath<TIsa, TVector>.Apply(activation, TIsa.Load(sums + j)), sums + j);
            }
        }

        if (gradientInput != null)
        {
            for (int j = 0; j < columns; j += TIsa.Width)
            {
                TVector slope = ActivationMath<TIsa, TVector>.Derivative(gradient, TIsa.Load(gradientInput + j));
                TIsa.Store(TIsa.Multiply(TIsa.Load(sums + j), slope), sums + j);
            }
        }
    }

    /// <summary>Fewer columns than a register holds: the operands take a detour through full registers on the stack.</summary>
    private static void Tail(in GemmEpilogue epilogue, int row, int column, float* sums, int columns)
    {
        int width = TIsa.Width;
        float* stage = stackalloc float[6 * width];
        GemmEpilogue source = epilogue.At(row, column);
        GemmEpilogue staged = source;
        staged.C = stage + width;
        staged.Bias = source.Bias == null ? null : stage + (2 * width);
        staged.PreActivation = source.PreActivation == null ? null : stage + (3 * width);
        staged.GradientInput = source.GradientInput == null ? null : stage + (4 * width);
        staged.Residual = source.Residual == null ? null : stage + (5 * width);
        Copy(sums, stage, columns);
        Copy(source.Accumulate ? source.C : null, staged.C, columns);
        Copy(source.Bias, staged.Bias, columns);
        Copy(source.GradientInput, staged.GradientInput, columns);
        Copy(source.Residual, staged.Residual, columns);
        Apply(staged, 0, 0, stage, width, 1, width);
        Copy(staged.PreActivation, source.PreActivation, columns);
        Copy(staged.C, source.C, columns);
    }

    private static void Copy(float* source, float* destination, int count)
    {
        for (int i = 0; source != null && i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
