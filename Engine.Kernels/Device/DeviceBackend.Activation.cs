namespace Engine.Kernels.Device;

/// <content>Element-wise ops.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Activate(Activation activation, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Activate", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        ActivateKernel.Launch(_launcher, new()
        {
            X = Floats(x),
            Y = Floats(y),
            Count = Count(x),
            IsAligned = AreAligned(x, y),
            Activation = (int)activation,
        });
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation activation, TensorRef x, TensorRef outputGradient, TensorRef inputGradient)
    {
        OperandCheck check = new("ActivateBackward", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(outputGradient), outputGradient, x.ElementCount);
        check.SameElements(nameof(inputGradient), inputGradient, x.ElementCount);
        ActivateBackwardKernel.Launch(_launcher, new()
        {
            X = Floats(x),
            OutputGradient = Floats(outputGradient),
            InputGradient = Floats(inputGradient),
            Count = Count(x),
            IsAligned = AreAligned(x, outputGradient, inputGradient),
            Activation = (int)activation,
        });
    }

    /// <inheritdoc/>
    public void Axpy(double alpha, TensorRef x, TensorRef y)
    {
        OperandCheck check = new("Axpy", x.DType);
        check.SameElements(nameof(x), x, x.ElementCount);
        check.SameElements(nameof(y), y, x.ElementCount);
        AxpyKernel.Launch(_launcher, new()
        {
            X = Floats(x),
            Y = Floats(y),
            Count = Count(x),
            IsAligned = AreAligned(x, y),
            Alpha = (float)alpha,
        });
    }

    private static int Count(in TensorRef tensor) => checked((int)tensor.ElementCount);

    /// <summary>1 if all operands begin at multiples of sixteen bytes, as kernels want to know it.</summary>
    private static int AreAligned(params System.ReadOnlySpan<TensorRef> operands)
    {
        foreach (ref readonly TensorRef operand in operands)
        {
            if (!operand.IsNone && operand.ByteOffset % 16 != 0)
            {
                return 0;
            }
        }

        return 1;
    }

    /// <summary>Whether all rows of all operands begin at multiples of sixteen bytes and have as many elements as vectors.</summary>
    private static bool AreRowsAligned(params System.ReadOnlySpan<TensorRef> operands)
    {
        foreach (ref readonly TensorRef operand in operands)
        {
            if (!operand.IsNone
                && (operand.Columns % Float4.Width != 0 || (operand.Rows > 1 && operand.RowStride % Float4.Width != 0)))
            {
                return false;
            }
        }

        return AreAligned(operands) != 0;
    }
}
