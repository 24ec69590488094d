namespace Engine.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762) for B sequences and H heads of size D:
/// out = softmax(scale * q k^T + mask) v, per sequence and head.
/// Rows are (sequence, token), columns (head, D). Keys may outnumber queries (key/value cache): with <see cref="Causal"/>,
/// query i of Tq sees keys 0 .. Tk - Tq + i. A key is also hidden where <see cref="KeyMask"/> is 0; a query that sees no key gives zeros.
/// Scale is 1 / sqrt(D). 4 B H Tq Tk D flops (half of it if causal).
/// Where products have rounded operands (<see cref="Precision"/>), so have those of attention, as far as <see cref="IsRounded"/>: q, k, v,
/// and the weights of v.
/// </summary>
public readonly struct AttentionArgs
{
    /// <summary>The most numbers per head of which operands of products are rounded.</summary>
    public const int LongestRoundedHead = 64;

    /// <summary>[B * Tq, H * D]; rows may have gaps (a block of columns of a packed q, k, v).</summary>
    public TensorRef Query { get; init; }

    /// <summary>[B * Tk, H * D]; rows may have gaps.</summary>
    public TensorRef Key { get; init; }

    /// <summary>[B * Tk, H * D]; rows may have gaps.</summary>
    public TensorRef Value { get; init; }

    /// <summary>Receives the result [B * Tq, H * D]; rows may have gaps.</summary>
    public TensorRef Output { get; init; }

    /// <summary>Optional [B, H, Tq]: receives ln sum exp of the scaled, masked scores, which the backward pass needs
    /// (minus infinity for a query that sees no key).</summary>
    public TensorRef LogSumExp { get; init; }

    /// <summary>Optional U8 [B, Tk]: 0 hides the key from all queries.</summary>
    public TensorRef KeyMask { get; init; }

    /// <summary>Number of sequences B.</summary>
    public int Batch { get; init; }

    /// <summary>Number of heads H.</summary>
    public int Heads { get; init; }

    /// <summary>Hide later keys.</summary>
    public bool Causal { get; init; }

    /// <summary>Tq, tokens per sequence that ask.</summary>
    public int QueryTokens => Query.Rows / Batch;

    /// <summary>Tk, tokens per sequence that are asked.</summary>
    public int KeyTokens => Key.Rows / Batch;

    /// <summary>D, numbers per head.</summary>
    public int HeadSize => Query.Columns / Heads;

    /// <summary>Operands of products are rounded where those of all products are. The work of one query is that of reading memory, and
    /// heads of more than <see cref="LongestRoundedHead"/> numbers have no place on tensor cores.</summary>
    public bool IsRounded => QueryTokens > 1 && HeadSize <= LongestRoundedHead;

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("Attention", Query.DType);
        check.That(Batch > 0 && Heads > 0, "batch and heads are positive");
        check.That(
            Query.Rows % Batch == 0 && Key.Rows % Batch == 0 && Query.Columns % Heads == 0,
            "rows are a multiple of the batch and columns of the heads");
        check.Matrix(nameof(Key), Key, Key.Rows, Query.Columns);
        check.Matrix(nameof(Value), Value, Key.Rows, Query.Columns);
        check.Matrix(nameof(Output), Output, Query.Rows, Query.Columns);
        check.That(!Causal || KeyTokens >= QueryTokens, "a causal query has at least its own key");
        if (!LogSumExp.IsNone)
        {
            check.SameElements(nameof(LogSumExp), LogSumExp, (long)Batch * Heads * QueryTokens);
        }

        if (!KeyMask.IsNone)
        {
            check.Vector(nameof(KeyMask), KeyMask, DType.U8, Key.Rows);
        }
    }
}
