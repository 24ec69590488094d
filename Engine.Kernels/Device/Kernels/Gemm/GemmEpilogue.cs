using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// What becomes of the sums of a product, four neighbours of a row at a time; see <see cref="GemmArgs"/> for the formula. Operands that
/// there
/// are none of have a flag of 0.
/// </summary>
internal struct GemmEpilogue
{
    public ArrayView<float> C;
    public ArrayView<float> Bias;
    public ArrayView<float> PreActivation;
    public ArrayView<float> GradientInput;
    public ArrayView<float> Residual;
    public int CStride;
    public int PreActivationStride;
    public int GradientInputStride;
    public int ResidualStride;
    public int Columns;
    public int Accumulates;
    public int HasBias;
    public int KeepsPreActivation;
    public int HasResidual;

    /// <summary>An <see cref="Kernels.Activation"/>.</summary>
    public int Activation;

    /// <summary>An <see cref="Kernels.Activation"/>; None if there is no gradient.</summary>
    public int ActivationGradient;

    /// <summary>1 if all operands begin at, and all strides are, multiples of 16 bytes.</summary>
    public int IsAligned;

    /// <summary>Writes up to four results, as many as there are columns left.</summary>
    /// <param name="args">Operands and options.</param>
    /// <param name="firstElement">Where C begins.</param>
    /// <param name="row">Row of C.</param>
    /// <param name="column">First column, below <see cref="Columns"/>.</param>
    /// <param name="sums">The products' sums.</param>
    public static void Apply(GemmEpilogue args, long firstElement, int row, int column, Float4 sums)
    {
        int count = args.Columns - column;
        int isVector = count >= 4 ? args.IsAligned : 0;
        long c = firstElement + ((long)row * args.CStride) + column;
        Float4 t = sums;
        if (args.Accumulates != 0)
        {
            t = Float4.Add(t, Load(args.C, c, count, isVector));
        }

        if (args.HasBias != 0)
        {
            t = Float4.Add(t, Load(args.Bias, column, count, isVector));
        }

        if (args.KeepsPreActivation != 0)
        {
            Store(args.PreActivation, ((long)row * args.PreActivationStride) + column, count, isVector, t);
        }

        if (args.Activation != (int)Kernels.Activation.None)
        {
            t.X = DeviceActivation.Apply(args.Activation, t.X);
            t.Y = DeviceActivation.Apply(args.Activation, t.Y);
            t.Z = DeviceActivation.Apply(args.Activation, t.Z);
            t.W = DeviceActivation.Apply(args.Activation, t.W);
        }

        if (args.ActivationGradient != (int)Kernels.Activation.None)
        {
            Float4 input = Load(args.GradientInput, ((long)row * args.GradientInputStride) + column, count, isVector);
            t.X *= DeviceActivation.Derivative(args.ActivationGradient, input.X);
            t.Y *= DeviceActivation.Derivative(args.ActivationGradient, input.Y);
            t.Z *= DeviceActivation.Derivative(args.ActivationGradient, input.Z);
            t.W *= DeviceActivation.Derivative(args.ActivationGradient, input.W);
        }

        if (args.HasResidual != 0)
        {
            t = Float4.Add(t, Load(args.Residual, ((long)row * args.ResidualStride) + column, count, isVector));
        }

        Store(args.C, c, count, isVector, t);
    }

    /// <summary>Writes one result.</summary>
    /// <param name="args">Operands and options.</param>
    /// <param name="row">Row of C.</param>
    /// <param name="column">Column of C.</param>
    /// <param name="sum">The products' sum.</param>
    public static void ApplyToOne(GemmEpilogue args, int row, int column, float sum)
    {
        args.Columns = column + 1;
        Apply(args, 0, row, column, new Float4 { X = sum });
    }

    private static Float4 Load(ArrayView<float> view, long index, int count, int isVector)
    {
        Float4 elements = default;
        if (isVector != 0)
        {
            elements = Float4.Load(view, index >> 2);
        }
        else
        {
            elements.X = view[index];
            if (count > 1)
            {
                elements.Y = view[index + 1];
            }

            if (count > 2)
            {
                elements.Z = view[index + 2];
            }

            if (count > 3)
            {
                elements.W = view[index + 3];
            }
        }

        return elements;
    }

    private static void Store(ArrayView<float> view, long index, int count, int isVector, Float4 elements)
    {
        if (isVector != 0)
        {
            Float4.Store(view, index >> 2, elements);
        }
        else
        {
            view[index] = elements.X;
            if (count > 1)
            {
                view[index + 1] = elements.Y;
            }

            if (count > 2)
            {
                view[index + 2] = elements.Z;
            }

            if (count > 3)
            {
                view[index + 3] = elements.W;
            }
        }
    }
}
