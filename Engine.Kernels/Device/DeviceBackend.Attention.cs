using System;

namespace Engine.Kernels.Device;

/// <content>Multi-head attention. Kernels are compiled for what the device, the operands' places and the head's size ask for.</content>
internal sealed partial class DeviceBackend
{
    // The kernels have registers for two chunks of a tile's columns.
    private const int LargestHead = 2 * AttentionTile.Size;

    // CUDA's limit of a grid's third dimension.
    private const int MostSequences = 65535;

    /// <inheritdoc/>
    public void Attention(in AttentionArgs args)
    {
        args.Validate();
        Check(args);
        if (IsOnTensorCores(args))
        {
            AttentionOnTensorCores(args, Info.Precision);
        }
        else if (_traits.HasShuffles)
        {
            Attention<ShuffleLaneReduction>(args);
        }
        else
        {
            Attention<SharedLaneReduction>(args);
        }
    }

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args)
    {
        args.Validate();
        Check(args.Forward);
        if (IsOnTensorCores(args.Forward))
        {
            AttentionBackwardOnTensorCores(args, Info.Precision);
        }
        else if (_traits.HasShuffles)
        {
            AttentionBackward<ShuffleLaneReduction>(args);
        }
        else
        {
            AttentionBackward<SharedLaneReduction>(args);
        }
    }

    private void Attention<TReduction>(in AttentionArgs args)
        where TReduction : struct, ILaneReduction
    {
        if (HasAlignedRows(args))
        {
            Attention<TReduction, AlignedRows>(args);
        }
        else
        {
            Attention<TReduction, UnalignedRows>(args);
        }
    }

    private void Attention<TReduction, TAccess>(in AttentionArgs args)
        where TReduction : struct, ILaneReduction
        where TAccess : struct, IRowAccess
    {
        if (args.HeadSize <= AttentionTile.Size)
        {
            Attention<TReduction, TAccess, NarrowHead>(args);
        }
        else
        {
            Attention<TReduction, TAccess, WideHead>(args);
        }
    }

    private void Attention<TReduction, TAccess, TWidth>(in AttentionArgs args)
        where TReduction : struct, ILaneReduction
        where TAccess : struct, IRowAccess
        where TWidth : struct, IHeadWidth
    {
        AttentionForwardArgs kernelArgs = ForwardArgs(args);
        if (args.QueryTokens == 1)
        {
            AttentionSingleQueryKernel<TReduction, TAccess, TWidth>.Launch(_launcher, args.Batch, kernelArgs);
        }
        else
        {
            AttentionForwardKernel<TReduction, TAccess, TWidth>.Launch(_launcher, args.Batch, kernelArgs);
        }
    }

    private void AttentionBackward<TReduction>(in AttentionBackwardArgs args)
        where TReduction : struct, ILaneReduction
    {
        if (HasAlignedRows(args))
        {
            AttentionBackward<TReduction, AlignedRows>(args);
        }
        else
        {
            AttentionBackward<TReduction, UnalignedRows>(args);
        }
    }

    private void AttentionBackward<TReduction, TAccess>(in AttentionBackwardArgs args)
        where TReduction : struct, ILaneReduction
        where TAccess : struct, IRowAccess
    {
        if (args.Forward.HeadSize <= AttentionTile.Size)
        {
            AttentionBackward<TReduction, TAccess, NarrowHead>(args);
        }
        else
        {
            AttentionBackward<TReduction, TAccess, WideHead>(args);
        }
    }

    private void AttentionBackward<TReduction, TAccess, TWidth>(in AttentionBackwardArgs args)
        where TReduction : struct, ILaneReduction
        where TAccess : struct, IRowAccess
        where TWidth : struct, IHeadWidth
    {
        AttentionQueryGradientArgs queryArgs = QueryGradientArgs(args);
        AttentionQueryGradientKernel<TReduction, TAccess, TWidth>.Launch(_launcher, args.Forward.Batch, queryArgs);
        AttentionKeyGradientKernel<TAccess, TWidth>.Launch(_launcher, args.Forward.Batch, KeyGradientArgs(args, queryArgs));
    }

    private AttentionForwardArgs ForwardArgs(in AttentionArgs args) => new()
    {
        Operands = Describe(args),
        Output = Floats(args.Output),
        LogSumExp = Floats(args.LogSumExp),
        OutputStride = args.Output.RowStride,
        KeepsLogSumExp = args.LogSumExp.IsNone ? 0 : 1,
    };

    private AttentionQueryGradientArgs QueryGradientArgs(in AttentionBackwardArgs args) => new()
    {
        Operands = Describe(args.Forward),
        Output = Floats(args.Forward.Output),
        OutputGradient = Floats(args.OutputGradient),
        LogSumExp = Floats(args.Forward.LogSumExp),
        Delta = Scratch((long)args.Forward.Heads * args.Forward.Query.Rows),
        QueryGradient = Floats(args.QueryGradient),
        OutputStride = args.Forward.Output.RowStride,
        OutputGradientStride = args.OutputGradient.RowStride,
        QueryGradientStride = args.QueryGradient.RowStride,
    };

    private AttentionKeyGradientArgs KeyGradientArgs(in AttentionBackwardArgs args, in AttentionQueryGradientArgs queryArgs) => new()
    {
        Operands = queryArgs.Operands,
        OutputGradient = queryArgs.OutputGradient,
        LogSumExp = queryArgs.LogSumExp,
        Delta = queryArgs.Delta,
        KeyGradient = Floats(args.KeyGradient),
        ValueGradient = Floats(args.ValueGradient),
        OutputGradientStride = args.OutputGradient.RowStride,
        KeyGradientStride = args.KeyGradient.RowStride,
        ValueGradientStride = args.ValueGradient.RowStride,
    };

    private AttentionOperands Describe(in AttentionArgs args) => new()
    {
        Query = Floats(args.Query),
        Key = Floats(args.Key),
        Value = Floats(args.Value),
        KeyMask = Bytes(args.KeyMask),
        QueryStride = args.Query.RowStride,
        KeyStride = args.Key.RowStride,
        ValueStride = args.Value.RowStride,
        Heads = args.Heads,
        QueryTokens = args.QueryTokens,
        KeyTokens = args.KeyTokens,
        HeadSize = args.HeadSize,
        IsCausal = args.Causal ? 1 : 0,
        HasKeyMask = args.KeyMask.IsNone ? 0 : 1,
        Scale2 = (float)(Math.Log2(Math.E) / Math.Sqrt(args.HeadSize)),
    };

    /// <exception cref="OperandException">The kernels have no place for so many numbers or sequences.</exception>
    /// <exception cref="BackendException">The device has too little shared memory.</exception>
    private void Check(in AttentionArgs args)
    {
        if (args.HeadSize > LargestHead || args.Batch > MostSequences)
        {
            throw new OperandException(
                $"Attention: {Info.Description} takes heads of at most {LargestHead} numbers and {MostSequences} sequences, "
                + $"found {args.HeadSize} numbers and {args.Batch} sequences.");
        }

        if (_accelerator.MaxSharedMemoryPerGroup < AttentionTile.SharedBytes)
        {
            throw new BackendException(
                $"Attention: expected {AttentionTile.SharedBytes} bytes of shared memory per group, "
                + $"{Info.Description} has {_accelerator.MaxSharedMemoryPerGroup}.");
        }
    }

    private static bool HasAlignedRows(in AttentionArgs args) =>
        args.HeadSize % Float4.Width == 0 && HaveAlignedRows(args.Query, args.Key, args.Value, args.Output);

    private static bool HasAlignedRows(in AttentionBackwardArgs args) =>
        HasAlignedRows(args.Forward)
        && HaveAlignedRows(args.OutputGradient, args.QueryGradient, args.KeyGradient, args.ValueGradient);

    /// <summary>Every row begins at a multiple of sixteen bytes.</summary>
    private static bool HaveAlignedRows(params ReadOnlySpan<TensorRef> operands)
    {
        foreach (ref readonly TensorRef operand in operands)
        {
            if (operand.RowStride % Float4.Width != 0)
            {
                return false;
            }
        }

        return AreAligned(operands) != 0;
    }
}
