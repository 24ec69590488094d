using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>
/// y = activation(x), element by element; about 20 flops and 8 bytes per element. Memory-bound from the second cache level on:
/// tiles of 64 KiB, one pass. The models fuse this into products; alone it serves tests and small heads.
/// </summary>
internal readonly unsafe struct ActivationForward : ISimdJob
{
    public required Activation Activation { get; init; }

    public required float* X { get; init; }

    public required float* Y { get; init; }

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
                Apply<TIsa, TVector>(Activation.GeluErf, X + start, Y + start, count);
                break;
            case Activation.GeluTanh:
                Apply<TIsa, TVector>(Activation.GeluTanh, X + start, Y + start, count);
                break;
            case Activation.QuickGelu:
                Apply<TIsa, TVector>(Activation.QuickGelu, X + start, Y + start, count);
                break;
            default:
                Apply<TIsa, TVector>(Activation.None, X + start, Y + start, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TIsa, TVector>(Activation activation, float* x, float* y, int count)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        for (int i = 0; i < count; i += TIsa.Width)
        {
            TVector value = Lanes<TIsa, TVector>.Load(x + i, count - i);
            Lanes<TIsa, TVector>.Store(ActivationMath<TIsa, TVector>.Apply(activation, value), y + i, count - i);
        }
    }
}
