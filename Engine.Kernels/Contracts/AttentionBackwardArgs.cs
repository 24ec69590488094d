namespace Engine.Kernels;

/// <summary>
/// Gradient of attention. With p = exp(scale * q k^T - LogSumExp) and delta = rowsum(dout * out):
/// dv = p^T dout; ds = p * (dout v^T - delta); dq = scale * ds k; dk = scale * ds^T q. 10 B H Tq Tk D flops (half if causal).
/// Where operands of the forward pass are rounded, so are these: q, k, v, dout, p and ds; not those of delta.
/// </summary>
public readonly struct AttentionBackwardArgs
{
    /// <summary>The forward pass, with its Output and LogSumExp filled.</summary>
    public AttentionArgs Forward { get; init; }

    /// <summary>dL/dOutput [B * Tq, H * D].</summary>
    public TensorRef OutputGradient { get; init; }

    /// <summary>Receives dL/dQuery [B * Tq, H * D]; rows may have gaps.</summary>
    public TensorRef QueryGradient { get; init; }

    /// <summary>Receives dL/dKey [B * Tk, H * D]; rows may have gaps.</summary>
    public TensorRef KeyGradient { get; init; }

    /// <summary>Receives dL/dValue [B * Tk, H * D]; rows may have gaps.</summary>
    public TensorRef ValueGradient { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        Forward.Validate();
        OperandCheck check = new("AttentionBackward", Forward.Query.DType);
        check.That(!Forward.LogSumExp.IsNone, "the forward pass kept LogSumExp");
        check.Matrix(nameof(OutputGradient), OutputGradient, Forward.Query.Rows, Forward.Query.Columns);
        check.Matrix(nameof(QueryGradient), QueryGradient, Forward.Query.Rows, Forward.Query.Columns);
        check.Matrix(nameof(KeyGradient), KeyGradient, Forward.Key.Rows, Forward.Query.Columns);
        check.Matrix(nameof(ValueGradient), ValueGradient, Forward.Key.Rows, Forward.Query.Columns);
    }
}
