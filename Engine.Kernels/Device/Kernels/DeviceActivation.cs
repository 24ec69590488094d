using Engine.Kernels.Host;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>Activations and their derivatives inside kernels. tanh goes through exp, because the hardware's own is good to 2^-11
/// only.</summary>
internal static class DeviceActivation
{
    /// <summary>activation(x). The kind is the same for all threads, so that the branches cost nothing.</summary>
    public static float Apply(int activation, float x)
    {
        if (activation == (int)Activation.GeluErf)
        {
            return x * NormalDistribution(x);
        }

        if (activation == (int)Activation.GeluTanh)
        {
            return x * Sigmoid(2 * TanhArgument(x));
        }

        return activation == (int)Activation.QuickGelu ? x * Sigmoid(1.702f * x) : x;
    }

    /// <summary>activation'(x).</summary>
    public static float Derivative(int activation, float x)
    {
        if (activation == (int)Activation.GeluErf)
        {
            return NormalDistribution(x) + (x * XMath.Exp(-0.5f * x * x) * 0.3989422804014327f);
        }

        if (activation == (int)Activation.GeluTanh)
        {
            // (1 + tanh u) / 2 is the sigmoid of 2u.
            float half = Sigmoid(2 * TanhArgument(x));
            float slope = 0.7978845608028654f * (1 + (3 * 0.044715f * x * x));
            return half + (2 * x * half * (1 - half) * slope);
        }

        if (activation == (int)Activation.QuickGelu)
        {
            float sigmoid = Sigmoid(1.702f * x);
            return sigmoid + (1.702f * x * sigmoid * (1 - sigmoid));
        }

        return 1;
    }

    /// <summary>Phi(x) by its upper tail, which keeps the digits of small values.</summary>
    private static float NormalDistribution(float x)
    {
        float t = 1 / (1 + (XMath.Abs(x) * NormalTail.TScale));
        float p = (NormalTail.C8 * t) + NormalTail.C7;
        p = (p * t) + NormalTail.C6;
        p = (p * t) + NormalTail.C5;
        p = (p * t) + NormalTail.C4;
        p = (p * t) + NormalTail.C3;
        p = (p * t) + NormalTail.C2;
        p = (p * t) + NormalTail.C1;
        p = (p * t) + NormalTail.C0;
        float tail = p * t * XMath.Exp(-0.5f * x * x);
        return x < 0 ? tail : 1 - tail;
    }

    private static float TanhArgument(float x) => 0.7978845608028654f * (x + (0.044715f * x * x * x));

    private static float Sigmoid(float x) => 1 / (1 + XMath.Exp(-x));
}
