using System;

namespace Engine.Kernels.Host;

/// <summary>A few rows times some of B's rows [K, N] per tile: partial sums [run, M, N] for <see cref="GemvSumJob{TIsa, TVector}"/>.
/// B is read as four streams, its quarters; a run has a few rows of each, the next run those behind them. Runs depend on K alone, so the
/// bits do not depend on the workers.</summary>
internal unsafe struct GemvRowsJob<TIsa, TVector, TFormat> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
    where TFormat : struct, IStorageFormat
{
    // Of a quarter. Few, so that workers finish together.
    private const int RowsPerRun = 24;

    private GemmOperands _operands;
    private int _quarter;
    private BalancedPartition _shares;

    /// <param name="operands">Neither A nor B is transposed.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemvRowsJob(in GemmOperands operands, int workers)
    {
        _operands = operands;
        _quarter = operands.K / 4;
        Tiles = Math.Max(1, (_quarter + RowsPerRun - 1) / RowsPerRun);
        _shares = new BalancedPartition(Tiles, workers);
    }

    /// <summary>[runs, M, N].</summary>
    public float* Partial { get; set; }

    /// <summary>Number of tiles, and of runs.</summary>
    public int Tiles { get; }

    /// <summary>Floats behind <see cref="Partial"/>.</summary>
    public readonly long PartialFloats => (long)Tiles * _operands.M * _operands.N;

    public readonly void Execute(int tile, int worker)
    {
        // Workers take tiles in turn. Neighbouring runs for each: what it asks for ahead is what it reads next.
        int run = _shares.Start(tile % _shares.Count) + (tile / _shares.Count);
        int columns = _operands.N;
        float* sums = Partial + ((nint)run * _operands.M * columns);
        new Span<float>(sums, _operands.M * columns).Clear();
        int end = Math.Min((run + 1) * RowsPerRun, _quarter);
        for (int k = run * RowsPerRun; k < end; k++)
        {
            GemvKernel<TIsa, TVector, TFormat>.AddRows4(
                _operands, k, _quarter, 0, columns, sums, columns, GemvKernel<TIsa, TVector, TFormat>.StreamAhead);
        }

        if (run == Tiles - 1)
        {
            for (int k = 4 * _quarter; k < _operands.K; k++)
            {
                GemvKernel<TIsa, TVector, TFormat>.AddRow(_operands, k, 0, columns, sums, columns);
            }
        }
    }
}
