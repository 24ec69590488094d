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

    /// <param name="operands">Neither A nor B is transposed.</param>
    public GemvRowsJob(in GemmOperands operands) => _operands = operands;

    /// <summary>[tiles, M, N].</summary>
    public float* Partial { get; set; }

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => (_operands.K + RowsPerTile - 1) / RowsPerTile;

    /// <summary>Floats behind <see cref="Partial"/>.</summary>
    public readonly long PartialFloats => (long)Tiles * _operands.M * _operands.N;

    public readonly void Execute(int tile, int worker)
    {
        int columns = _operands.N;
        int end = Math.Min((tile + 1) * RowsPerTile, _operands.K);
        float* sums = Partial + ((nint)tile * _operands.M * columns);
        new Span<float>(sums, _operands.M * columns).Clear();
        int k = tile * RowsPerTile;
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
