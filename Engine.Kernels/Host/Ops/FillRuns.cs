using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Sets the elements of a tensor of any element type; memory-bound, tiles of at least 16384 elements.</summary>
internal readonly unsafe struct FillRuns<T> : ITileJob
    where T : unmanaged
{
    public required TensorRuns Runs { get; init; }

    public required T* Destination { get; init; }

    public required T Value { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int tile, int worker)
    {
        (int first, int end) = Runs.OfTile(tile);
        for (int run = first; run < end; run++)
        {
            new Span<T>(Destination + ((long)run * Runs.DestinationStride), Runs.LengthOf(run)).Fill(Value);
        }
    }
}
