using System;

namespace Engine.Kernels.Host;

/// <summary>A few rows times a run of B's rows [K, N] per tile: partial sums [tile, M, N] for <see cref="GemvSumJob{TIsa, TVector}"/>.
/// The runs depend on K alone, so the bits do not depend on the workers.</summary>
internal unsafe struct GemvRowsJob<TIsa, TVector, TFormat> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
    where TFormat : struct, IStorageFormat
{
    // Long enough for the prefetchers, short enough that workers finish together.
    private const int RowsPerTile = 64;

    private GemmOperands _operands;
    private BalancedPartition _streams;

    /// <param name="operands">Neither A nor B is transposed.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemvRowsJob(in GemmOperands operands, int workers)
    {
        _operands = operands;
        Tiles = (operands.K + RowsPerTile - 1) / RowsPerTile;
        _streams = new BalancedPartition(Tiles, workers);
    }

    /// <summary>[runs, M, N].</summary>
    public float* Partial { get; set; }

    /// <summary>Number of tiles, and of runs.</summary>
    public int Tiles { get; }

    /// <summary>Floats behind <see cref="Partial"/>.</summary>
    public readonly long PartialFloats => (long)Tiles * _operands.M * _operands.N;

    public readonly void Execute(int tile, int worker)
    {
        // Workers take tiles in turn. One stream of neighbouring runs for each: what it asks for ahead is what it reads next.
        int run = _streams.Start(tile % _streams.Count) + (tile / _streams.Count);
        int columns = _operands.N;
        int end = Math.Min((run + 1) * RowsPerTile, _operands.K);
        float* sums = Partial + ((nint)run * _operands.M * columns);
        new Span<float>(sums, _operands.M * columns).Clear();
        int k = run * RowsPerTile;
        for (; k + 4 <= end; k += 4)
        {
            byte* b = _operands.ElementOfB(k, 0);
            for (int i = 0; i < _operands.M; i++)
            {
                GemvKernel<TIsa, TVector, TFormat>.AddScaled4(sums + (i * columns), RowOfA(i) + k, b, _operands.BRowBytes, columns);
            }
        }

        for (; k < end; k++)
        {
            for (int i = 0; i < _operands.M; i++)
            {
                GemvKernel<TIsa, TVector, TFormat>.AddScaled(sums + (i * columns), RowOfA(i)[k], _operands.ElementOfB(k, 0), columns);
            }
        }
    }

    private readonly float* RowOfA(int row) => _operands.A + (row * _operands.AStride);
}
