namespace Engine.Kernels.Host;

/// <summary>
/// Coefficients of the upper tail of the normal distribution: 1 - Phi(x) = exp(-x^2 / 2) t P(t), t = 1 / (1 + 0.3 x / sqrt 2), x at least
/// 0.
/// The form is that of Hastings' approximations (Abramowitz and Stegun 7.1.26); P, of degree 8, is our own interpolation at
/// Chebyshev nodes, relative error 4.5e-8 for x / sqrt 2 up to 10.
/// </summary>
internal static class NormalTail
{
    /// <summary>0.3 / sqrt 2.</summary>
    public const float TScale = 0.21213203f;

    // The half of Phi = erfc / 2 is folded in.
    public const float C0 = 0.16917306184768677f / 2;
    public const float C1 = 0.17094911634922028f / 2;
    public const float C2 = 0.14679601788520813f / 2;
    public const float C3 = 0.2205391675233841f / 2;
    public const float C4 = -0.10698336362838745f / 2;
    public const float C5 = 0.5645142197608948f / 2;
    public const float C6 = -0.5261516571044922f / 2;
    public const float C7 = 0.49193426966667175f / 2;
    public const float C8 = -0.13077087700366974f / 2;
}
