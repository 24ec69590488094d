using System;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>Activations in float64, for expected values. Slopes are central differences: independent of any derived formula.</summary>
internal static class ScalarActivation
{
    public static double Value(Activation activation, double x) => activation switch
    {
        Activation.GeluErf => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.QuickGelu => x / (1 + Math.Exp(-1.702 * x)),
        _ => x,
    };

    public static double Slope(Activation activation, double x)
    {
        const double Step = 1e-4;
        return (Value(activation, x + Step) - Value(activation, x - Step)) / (2 * Step);
    }

    /// <summary>exp(-x^2) times a series whose terms all have one sign, so that nothing cancels.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
