using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// One step of AdamW, element by element: 12 flops and 28 bytes per parameter, memory-bound. The order of operations is PyTorch's,
/// so that trajectories agree to float32 rounding: decay; m = m + (g - m)(1 - b1); v = b2 v + (1 - b2) g^2;
/// p = p - (lr / c1) m / (sqrt(v) / sqrt(c2) + epsilon), with the bias corrections c taken in float64.
/// </summary>
internal readonly unsafe struct AdamWStep : ISimdJob
{
    public required float* Parameters { get; init; }

    public required float* Gradient { get; init; }

    public required float* FirstMoment { get; init; }

    public required float* SecondMoment { get; init; }

    public required long Count { get; init; }

    /// <summary>1 - lr decay.</summary>
    public required float Retained { get; init; }

    /// <summary>1 - b1.</summary>
    public required float FirstRate { get; init; }

    /// <summary>b2.</summary>
    public required float SecondDecay { get; init; }

    /// <summary>1 - b2.</summary>
    public required float SecondRate { get; init; }

    /// <summary>lr / (1 - b1^t).</summary>
    public required float StepSize { get; init; }

    /// <summary>1 / sqrt(1 - b2^t).</summary>
    public required float RootScale { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>The step for as many elements as the parameters have.</summary>
    public static AdamWStep Create(in AdamWArgs args, float* parameters, float* gradient, float* firstMoment, float* secondMoment) => new()
    {
        Parameters = parameters,
        Gradient = gradient,
        FirstMoment = firstMoment,
        SecondMoment = secondMoment,
        Count = args.Parameters.ElementCount,
        Retained = (float)(1 - ((double)args.LearningRate * args.WeightDecay)),
        FirstRate = (float)(1 - args.Beta1),
        SecondDecay = (float)args.Beta2,
        SecondRate = (float)(1 - args.Beta2),
        StepSize = (float)(args.LearningRate / (1 - Math.Pow(args.Beta1, args.Step))),
        RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(args.Beta2, args.Step))),
        Epsilon = args.Epsilon,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        long start = (long)tile * ElementBlocks.Elements;
        long end = Math.Min(Count, start + ElementBlocks.Elements);
        TVector retained = TIsa.Broadcast(Retained);
        TVector firstRate = TIsa.Broadcast(FirstRate);
        TVector secondDecay = TIsa.Broadcast(SecondDecay);
        TVector secondRate = TIsa.Broadcast(SecondRate);
        TVector stepSize = TIsa.Broadcast(-StepSize);
        TVector rootScale = TIsa.Broadcast(RootScale);
        TVector epsilon = TIsa.Broadcast(Epsilon);
        for (long i = start; i < end; i += TIsa.Width)
        {
            int left = (int)(end - i);
            TVector g = Lanes<TIsa, TVector>.Load(Gradient + i, left);
            TVector m = Lanes<TIsa, TVector>.Load(FirstMoment + i, left);
            TVector v = Lanes<TIsa, TVector>.Load(SecondMoment + i, left);
            TVector p = TIsa.Multiply(Lanes<TIsa, TVector>.Load(Parameters + i, left), retained);
            m = TIsa.MultiplyAdd(TIsa.Subtract(g, m), firstRate, m);
            v = TIsa.MultiplyAdd(TIsa.Multiply(g, g), secondRate, TIsa.Multiply(v, secondDecay));
            TVector denominator = TIsa.MultiplyAdd(TIsa.Sqrt(v), rootScale, epsilon);
            p = TIsa.MultiplyAdd(stepSize, TIsa.Divide(m, denominator), p);
            Lanes<TIsa, TVector>.Store(m, FirstMoment + i, left);
            Lanes<TIsa, TVector>.Store(v, SecondMoment + i, left);
            Lanes<TIsa, TVector>.Store(p, Parameters + i, left);
        }
    }
}
