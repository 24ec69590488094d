using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>dx = dy activation'(x), element by element; about 25 flops and 12 bytes per element; tiles of 64 KiB, one pass.</summary>
internal readonly unsafe struct ActivationBackward : ISimdJob
{
    public required Activation Activation { get; init; }

    public required float* X { get; init; }

    public required float* OutputGradient { get; init; }

    public required float* InputGradient { get; init; }

    public required long Count { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        long start = (long)tile * ElementBlocks.Elements;
        int count = (int)Math.Min(ElementBlocks.Elements, Count - start);
        switch (Activation)
        {
            case Activation.GeluErf:
                Apply<TIsa, TVector>(Activation.GeluErf, start, count);
                break;
            case Activation.GeluTanh:
                Apply<TIsa, TVector>(Activation.GeluTanh, start, count);
                break;
            case Activation.QuickGelu:
                Apply<TIsa, TVector>(Activation.QuickGelu, start, count);
                break;
            default:
                Apply<TIsa, TVector>(Activation.None, start, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply<TIsa, TVector>(Activation activation, long start, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        float* x = X + start;
        float* dy = OutputGradient + start;
        float* dx = InputGradient + start;
        for (int i = 0; i < count; i += TIsa.Width)
        {
            TVector slope = ActivationMath<TIsa, TVector>.Derivative(activation, Lanes<TIsa, TVector>.Load(x + i, count - i));
            Lanes<TIsa, TVector>.Store(TIsa.Multiply(Lanes<TIsa, TVector>.Load(dy + i, count - i), slope), dx + i, count - i);
        }
    }
}
