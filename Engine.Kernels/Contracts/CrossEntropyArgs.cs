namespace Engine.Kernels;

/// <summary>
/// Softmax cross-entropy per row: loss[i] = ln sum_j exp(logits[i, j]) - logits[i, label[i]], natural logarithm.
/// Gradient[i, j] = GradientScale * (softmax(logits[i])[j] - [j == label[i]]). Rows labelled <see cref="IgnoreLabel"/> give 0 in both.
/// </summary>
public readonly struct CrossEntropyArgs
{
    /// <summary>Rows with this label do not count.</summary>
    public const int IgnoreLabel = -100;

    /// <summary>[R, V]; rows may have gaps.</summary>
    public TensorRef Logits { get; init; }

    /// <summary>I32 [R], each 0 to V - 1 or <see cref="IgnoreLabel"/>.</summary>
    public TensorRef Labels { get; init; }

    /// <summary>Receives the losses [R].</summary>
    public TensorRef Losses { get; init; }

    /// <summary>Optional [R, V]: receives the gradient of the scaled sum of losses; may be Logits itself.</summary>
    public TensorRef Gradient { get; init; }

    /// <summary>Factor of the gradient, for example 1 / (number of rows that count).</summary>
    public double GradientScale { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("CrossEntropy", Logits.DType);
        check.Vector(nameof(Labels), Labels, DType.I32, Logits.Rows);
        check.Vector(nameof(Losses), Losses, Logits.Rows);
        check.OptionalMatrix(nameof(Gradient), Gradient, Logits.Rows, Logits.Columns);
    }
}
