using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>loss = (p - t)^2 and gradient = 2 scale (p - t), element by element; 5 flops and up to 16 bytes per element.</summary>
internal readonly unsafe struct SquaredErrors : ISimdJob
{
    public required float* Predictions { get; init; }

    public required float* Targets { get; init; }

    public required float* Losses { get; init; }

    /// <summary>As many elements, or null; may be the predictions.</summary>
    public required float* Gradient { get; init; }

    public required float GradientScale { get; init; }

    public required long Count { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        long start = (long)tile * ElementBlocks.Elements;
        long end = Math.Min(Count, start + ElementBlocks.Elements);
        TVector scale = TIsa.Broadcast(2 * GradientScale);
        for (long i = start; i < end; i += TIsa.Width)
        {
            int left = (int)(end - i);
            TVector difference = TIsa.Subtract(
                Lanes<TIsa, TVector>.Load(Predictions + i, left), Lanes<TIsa, TVector>.Load(Targets + i, left));
            Lanes<TIsa, TVector>.Store(TIsa.Multiply(difference, difference), Losses + i, left);
            if (Gradient != null)
            {
                Lanes<TIsa, TVector>.Store(TIsa.Multiply(difference, scale), Gradient + i, left);
            }
        }
    }
}
