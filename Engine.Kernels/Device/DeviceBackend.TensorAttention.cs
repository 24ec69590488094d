namespace Engine.Kernels.Device;

/// <content>Multi-head attention on tensor cores.</content>
internal sealed partial class DeviceBackend
{
    /// <summary>Attention on tensor cores; heads are not longer than these take.</summary>
    /// <param name="args">Operands.</param>
    /// <param name="precision">BF16 or TF32.</param>
    public void AttentionOnTensorCores(in AttentionArgs args, Precision precision)
    {
        if (precision == Precision.BFloat16)
        {
            AttentionOnTensorCores<BFloat16Attention>(args);
        }
        else
        {
            AttentionOnTensorCores<TensorFloat32Attention>(args);
        }
    }

    /// <summary>Its gradient.</summary>
    /// <inheritdoc cref="AttentionOnTensorCores(in AttentionArgs, Precision)"/>
    public void AttentionBackwardOnTensorCores(in AttentionBackwardArgs args, Precision precision)
    {
        if (precision == Precision.BFloat16)
        {
            AttentionBackwardOnTensorCores<BFloat16Attention>(args);
        }
        else
        {
            AttentionBackwardOnTensorCores<TensorFloat32Attention>(args);
        }
    }

    private bool IsOnTensorCores(in AttentionArgs args) =>
        Info.Precision != Precision.Float32 && _traits.HasTensorCores && args.IsRounded && args.KeyTokens > 0;

    private void AttentionOnTensorCores<TFormat>(in AttentionArgs args)
        where TFormat : struct, IAttentionFormat
    {
        if (HasAlignedRows(args))
        {
            TensorAttentionForwardKernel<TFormat, AlignedRows>.Launch(_launcher, args.Batch, ForwardArgs(args));
        }
        else
        {
            TensorAttentionForwardKernel<TFormat, UnalignedRows>.Launch(_launcher, args.Batch, ForwardArgs(args));
        }
    }

    private void AttentionBackwardOnTensorCores<TFormat>(in AttentionBackwardArgs args)
        where TFormat : struct, IAttentionFormat
    {
        if (HasAlignedRows(args))
        {
            AttentionBackwardOnTensorCores<TFormat, AlignedRows>(args);
        }
        else
        {
            AttentionBackwardOnTensorCores<TFormat, UnalignedRows>(args);
        }
    }

    private void AttentionBackwardOnTensorCores<TFormat, TAccess>(in AttentionBackwardArgs args)
        where TFormat : struct, IAttentionFormat
        where TAccess : struct, IRowAccess
    {
        AttentionQueryGradientArgs queryArgs = QueryGradientArgs(args);
        TensorAttentionQueryGradientKernel<TFormat, TAccess>.Launch(_launcher, args.Forward.Batch, queryArgs);
        TensorAttentionKeyGradientKernel<TFormat, TAccess>.Launch(_launcher, args.Forward.Batch, KeyGradientArgs(args, queryArgs));
    }
}
