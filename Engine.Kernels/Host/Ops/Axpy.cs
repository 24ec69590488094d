using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>y = y + alpha x; 2 flops and 12 bytes per element; tiles of 64 KiB, one pass.</summary>
internal readonly unsafe struct Axpy : ISimdJob
{
    public required float Alpha { get; init; }

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
        float* x = X + start;
        float* y = Y + start;
        TVector alpha = TIsa.Broadcast(Alpha);
        for (int i = 0; i < count; i += TIsa.Width)
        {
            TVector sum = TIsa.MultiplyAdd(alpha, Lanes<TIsa, TVector>.Load(x + i, count - i), Lanes<TIsa, TVector>.Load(y + i, count - i));
            Lanes<TIsa, TVector>.Store(sum, y + i, count - i);
        }
    }
}
