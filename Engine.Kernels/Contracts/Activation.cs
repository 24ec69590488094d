namespace Engine.Kernels;

/// <summary>Element-wise non-linearities.</summary>
public enum Activation
{
    /// <summary>y = x.</summary>
    None,

    /// <summary>y = x * (1 + erf(x / sqrt(2))) / 2. ViT ("gelu").</summary>
    GeluErf,

    /// <summary>y = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2. GPT-2 ("gelu_new").</summary>
    GeluTanh,

    /// <summary>y = x * sigmoid(1.702 x). CLIP ("quick_gelu").</summary>
    QuickGelu,
}
