namespace Engine.Kernels;

/// <summary>
/// One step of AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2); with weight decay 0 it is Adam (arXiv 1412.6980):
/// p = p (1 - lr * decay); m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// p = p - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon). 28 bytes per parameter.
/// </summary>
public readonly struct AdamWArgs
{
    /// <summary>Settings of PyTorch's optimisers: beta 0.9 and 0.999, epsilon 1e-8, no decay.</summary>
    public AdamWArgs()
    {
    }

    /// <summary>Updated in place, contiguous.</summary>
    public TensorRef Parameters { get; init; }

    /// <summary>dL/dp of as many elements.</summary>
    public TensorRef Gradient { get; init; }

    /// <summary>m, updated in place; zero before the first step.</summary>
    public TensorRef FirstMoment { get; init; }

    /// <summary>v, updated in place; zero before the first step.</summary>
    public TensorRef SecondMoment { get; init; }

    /// <summary>lr.</summary>
    public float LearningRate { get; init; }

    /// <summary>b1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>b2.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Decoupled weight decay.</summary>
    public float WeightDecay { get; init; }

    /// <summary>t, counted from 1.</summary>
    public int Step { get; init; }

    /// <summary>Checks shapes and dtypes.</summary>
    /// <exception cref="OperandException">An operand does not fit.</exception>
    public void Validate()
    {
        OperandCheck check = new("AdamW", Parameters.DType);
        check.SameElements(nameof(Parameters), Parameters, Parameters.ElementCount);
        check.SameElements(nameof(Gradient), Gradient, Parameters.ElementCount);
        check.SameElements(nameof(FirstMoment), FirstMoment, Parameters.ElementCount);
        check.SameElements(nameof(SecondMoment), SecondMoment, Parameters.ElementCount);
        check.That(Step > 0, $"{nameof(Step)} is counted from 1");
    }
}
