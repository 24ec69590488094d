using System;
using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>A few rows times a block of B's columns per tile. B is read in the order it is stored, once.</summary>
internal unsafe struct GemvJob<TIsa, TVector> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    // Sums of four rows and the four rows of B being added to them stay in the first-level cache.
    private const int MostColumns = 1024;
    private const int ColumnsPerUnit = 16;

    private GemmOperands _operands;
    private float* _scratch;
    private BalancedPartition _units;

    /// <param name="operands">A is not transposed.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats for every worker.</param>
    /// <param name="workers">Workers that share the tiles.</param>
    public GemvJob(in GemmOperands operands, float* scratch, int workers)
    {
        _operands = operands;
        _scratch = scratch;
        int units = (operands.N + ColumnsPerUnit - 1) / ColumnsPerUnit;
        int fewest = BalancedPartition.OfAtMost(MostColumns / ColumnsPerUnit, units).Count;
        _units = new BalancedPartition(units, Math.Clamp(2 * workers, fewest, Math.Max(fewest, units / 4)));
    }

    /// <summary>Floats of scratch memory per worker.</summary>
    public static long ScratchFloats => GemmBlocking.GemvRows * MostColumns;

    /// <summary>Number of tiles.</summary>
    public readonly int Tiles => _units.Count;

    public readonly void Execute(int tile, int worker)
    {
        int first = _units.Start(tile) * ColumnsPerUnit;
        int columns = Math.Min(_units.Size(tile) * ColumnsPerUnit, _operands.N - first);
        float* sums = _scratch + (worker * ScratchFloats);
        if (_operands.TransposeB)
        {
            DotRows(sums, first, columns);
        }
        else
        {
            AddRows(sums, first, columns);
        }

        EpilogueKernel<TIsa, TVector>.Apply(_operands.Epilogue.At(0, first), sums, MostColumns, _operands.M, columns);
    }

    /// <summary>B is [N, K]: every sum is a dot product of two stored rows.</summary>
    private readonly void DotRows(float* sums, int first, int columns)
    {
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            float* b = _operands.B + ((first + column) * _operands.BStride);
            for (int i = 0; i < _operands.M; i++)
            {
                Dot4(_operands.A + (i * _operands.AStride), b, _operands.BStride, _operands.K, sums + (i * MostColumns) + column);
            }
        }

        for (; column < columns; column++)
        {
            float* b = _operands.B + ((first + column) * _operands.BStride);
            for (int i = 0; i < _operands.M; i++)
            {
                sums[(i * MostColumns) + column] = Dot(_operands.A + (i * _operands.AStride), b, _operands.K);
            }
        }
    }

    /// <summary>B is [K, N]: stored rows of B, scaled, are added to the sums.</summary>
    private readonly void AddRows(float* sums, int first, int columns)
    {
        for (int i = 0; i < _operands.M; i++)
        {
            new Span<float>(sums + (i * MostColumns), columns).Clear();
        }

        int k = 0;
        for (; k + 4 <= _operands.K; k += 4)
        {
            float* b = _operands.B + (k * _operands.BStride) + first;
            for (int i = 0; i < _operands.M; i++)
            {
                AddScaled4(sums + (i * MostColumns), _operands.A + (i * _operands.AStride) + k, b, _operands.BStride, columns);
            }
        }

        for (; k < _operands.K; k++)
        {
            float* b = _operands.B + (k * _operands.BStride) + first;
            for (int i = 0; i < _operands.M; i++)
            {
                AddScaled(sums + (i * MostColumns), _operands.A[(i * _operands.AStride) + k], b, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot4(float* a, float* b, nint bStride, int depth, float* sums)
    {
        float* b1 = b + bStride;
        float* b2 = b1 + bStride;
        float* b3 = b2 + bStride;
        TVector sum0 = TIsa.Zero;
        TVector sum1 = TIsa.Zero;
        TVector sum2 = TIsa.Zero;
        TVector sum3 = TIsa.Zero;
        int k = 0;
        for (; k + TIsa.Width <= depth; k += TIsa.Width)
        {
            TVector left = TIsa.Load(a + k);
            sum0 = TIsa.MultiplyAdd(left, TIsa.Load(b + k), sum0);
            sum1 = TIsa.MultiplyAdd(left, TIsa.Load(b1 + k), sum1);
            sum2 = TIsa.MultiplyAdd(left, TIsa.Load(b2 + k), sum2);
            sum3 = TIsa.MultiplyAdd(left, TIsa.Load(b3 + k), sum3);
        }

        sums[0] = TIsa.Sum(sum0) + DotTail(a, b, k, depth);
        sums[1] = TIsa.Sum(sum1) + DotTail(a, b1, k, depth);
        sums[2] = TIsa.Sum(sum2) + DotTail(a, b2, k, depth);
        sums[3] = TIsa.Sum(sum3) + DotTail(a, b3, k, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* a, float* b, int depth)
    {
        TVector sum = TIsa.Zero;
        int k = 0;
        for (; k + TIsa.Width <= depth; k += TIsa.Width)
        {
            sum = TIsa.MultiplyAdd(TIsa.Load(a + k), TIsa.Load(b + k), sum);
        }

        return TIsa.Sum(sum) + DotTail(a, b, k, depth);
    }

    private static float DotTail(float* a, float* b, int start, int depth)
    {
        float sum = 0;
        for (int k = start; k < depth; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled4(float* sums, float* a, float* b, nint bStride, int columns)
    {
        float* b1 = b + bStride;
        float* b2 = b1 + bStride;
        float* b3 = b2 + bStride;
        TVector a0 = TIsa.Broadcast(a[0]);
        TVector a1 = TIsa.Broadcast(a[1]);
        TVector a2 = TIsa.Broadcast(a[2]);
        TVector a3 = TIsa.Broadcast(a[3]);
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            TVector sum = TIsa.MultiplyAdd(a0, TIsa.Load(b + j), TIsa.Load(sums + j));
            sum = TIsa.MultiplyAdd(a1, TIsa.Load(b1 + j), sum);
            sum = TIsa.MultiplyAdd(a2, TIsa.Load(b2 + j), sum);
            TIsa.Store(TIsa.MultiplyAdd(a3, TIsa.Load(b3 + j), sum), sums + j);
        }

        for (; j < columns; j++)
        {
            sums[j] = sums[j] + (a[0] * b[j]) + (a[1] * b1[j]) + (a[2] * b2[j]) + (a[3] * b3[j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(float* sums, float a, float* b, int columns)
    {
        TVector scale = TIsa.Broadcast(a);
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            TIsa.Store(TIsa.MultiplyAdd(scale, TIsa.Load(b + j), TIsa.Load(sums + j)), sums + j);
        }

        for (; j < columns; j++)
        {
            sums[j] += a * b[j];
        }
    }
}
