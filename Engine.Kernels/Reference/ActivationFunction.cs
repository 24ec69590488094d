using System;

namespace Engine.Kernels.Reference;

/// <summary>The activations and their derivatives, by their definitions.</summary>
internal static class ActivationFunction
{
    private static readonly double TanhScale = Math.Sqrt(2 / Math.PI);

    private const double TanhCubic = 0.044715;

    private const double QuickScale = 1.702;

    public static double Value(Activation activation, double x) => activation switch
    {
        Activation.None => x,
        Activation.GeluErf => x * NormalDistribution(x),
        Activation.GeluTanh => x * (1 + Math.Tanh(TanhArgument(x))) / 2,
        Activation.QuickGelu => x * Sigmoid(QuickScale * x),
        _ => throw Unknown(activation),
    };

    public static double Derivative(Activation activation, double x) => activation switch
    {
        Activation.None => 1,
        Activation.GeluErf => NormalDistribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
        Activation.GeluTanh => GeluTanhDerivative(x),
        Activation.QuickGelu => QuickGeluDerivative(x),
        _ => throw Unknown(activation),
    };

    private static double GeluTanhDerivative(double x)
    {
        double tanh = Math.Tanh(TanhArgument(x));
        double argumentDerivative = TanhScale * (1 + (3 * TanhCubic * x * x));
        return ((1 + tanh) / 2) + (x / 2 * (1 - (tanh * tanh)) * argumentDerivative);
    }

    private static double QuickGeluDerivative(double x)
    {
        double sigmoid = Sigmoid(QuickScale * x);
        return sigmoid + (QuickScale * x * sigmoid * (1 - sigmoid));
    }

    /// <summary>(1 + erf(x / sqrt(2))) / 2, through erfc so that the lower tail keeps its digits.</summary>
    private static double NormalDistribution(double x) => ErrorFunction.Erfc(-x / Math.Sqrt(2)) / 2;

    private static double TanhArgument(double x) => TanhScale * (x + (TanhCubic * x * x * x));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, "Unknown activation.");
}
