using System;

namespace Engine.Kernels.Host;

/// <summary>
/// The outer loops of the product, after BLIS (Van Zee and van de Geijn, BLIS: A Framework for Rapidly Instantiating BLAS
/// Functionality, section 4): blocks of columns, blocks of rows, then tiles shared among workers, panels, and the
/// micro-kernel. Operands are packed for all k at once, so that a tile's partial sums never leave the cache. K is never
/// split among workers and each element of C is written by one, so results do not depend on the number of threads.
/// </summary>
internal static unsafe class GemmDriver<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    /// <summary>Computes the product.</summary>
    /// <param name="pool">Who computes.</param>
    /// <param name="workspace">Holds packed operands and partial sums.</param>
    /// <param name="operands">What is computed.</param>
    /// <param name="packedFloats">Most floats to pack of each operand at once.</param>
    public static void Run(
        WorkerPool pool, HostWorkspace workspace, in GemmOperands operands, int packedFloats = GemmBlocking.PackedFloats)
    {
        if (operands.M == 0 || operands.N == 0)
        {
            return;
        }

        if (operands.M <= GemmBlocking.GemvRows)
        {
            GemvDriver<TIsa, TVector>.Run(pool, workspace, operands);
            return;
        }

        if (operands.K > GemmBlocking.MostDepth && !operands.Epilogue.ReadsCAsResidual)
        {
            RunInParts(pool, workspace, operands, packedFloats);
            return;
        }

        bool isSmall = (long)operands.M * operands.N * operands.K < GemmBlocking.InlineMultiplyAdds;
        int workers = isSmall ? 1 : pool.Workers;
        int rows = GemmBlocking.PackedLength(operands.M, operands.K, MicroKernel<TIsa, TVector>.MostRows, packedFloats);
        bool packsColumns = rows == operands.M && GemmBlocking.TilesSpanRows(operands.M, operands.K);
        int columns = packsColumns
            ? operands.N
            : GemmBlocking.PackedLength(operands.N, operands.K, MicroKernel<TIsa, TVector>.MostColumns, packedFloats);
        PanelSource a = Rows(operands, rows);
        PanelSource b = Columns(operands, columns);
        long floatsOfA = HostWorkspace.Align(a.Layout.Count * (long)a.PanelStride);
        long floatsOfB = packsColumns ? 0 : HostWorkspace.Align(b.Layout.Count * (long)b.PanelStride);
        a.Packed = workspace.Floats(floatsOfA + floatsOfB + (workers * GemmTileJob<TIsa, TVector>.ScratchFloats));
        b.Packed = a.Packed + floatsOfA;
        float* scratch = b.Packed + floatsOfB;

        for (int column = 0; column < operands.N; column += columns)
        {
            b = At(b, operands.B, column, Math.Min(columns, operands.N - column));
            b.Layout = ColumnLayout(b.Length);
            for (int row = 0; row < operands.M; row += rows)
            {
                a = At(a, new StoredOperand((byte*)operands.A, DType.F32), row, Math.Min(rows, operands.M - row));
                a.Layout = RowLayout(a.Length);
                bool packA = column == 0 || rows < operands.M;
                GemmPackJob<TIsa, TVector> pack = new(a, b, packA, packB: row == 0 && !packsColumns);
                GemmTileJob<TIsa, TVector> multiply = new(
                    a, b, packsColumns, operands.Epilogue.At(row, column), scratch, workers);
                if (isSmall)
                {
                    WorkerPool.RunInline(pack.Tiles, pack);
                    WorkerPool.RunInline(multiply.Tiles, multiply);
                }
                else
                {
                    pool.Run(pack.Tiles, pack);
                    pool.Run(multiply.Tiles, multiply);
                }
            }
        }
    }

    /// <summary>A very long k (the gradient of a vocabulary's logits) one part after the other, so that packed operands stay in the
    /// cache; C holds the sum so far, and the epilogue comes with the last part.</summary>
    private static void RunInParts(WorkerPool pool, HostWorkspace workspace, in GemmOperands operands, int packedFloats)
    {
        for (int k = 0; k < operands.K; k += GemmBlocking.MostDepth)
        {
            GemmOperands part = operands;
            part.K = Math.Min(GemmBlocking.MostDepth, operands.K - k);
            part.A += operands.TransposeA ? k * operands.AStride : k;
            part.B = operands.B.At(operands.TransposeB ? k : k * operands.BStride);
            bool isLast = k + part.K == operands.K;
            part.Epilogue = isLast ? operands.Epilogue : new GemmEpilogue { C = operands.Epilogue.C, CStride = operands.Epilogue.CStride };
            part.Epilogue.Accumulate = k > 0 || operands.Epilogue.Accumulate;
            Run(pool, workspace, part, packedFloats);
        }
    }

    private static PanelLayout RowLayout(int rows) => PanelLayout.OfRows(rows, MicroKernel<TIsa, TVector>.MostRows);

    private static PanelLayout ColumnLayout(int columns) =>
        PanelLayout.OfColumns(columns, MicroKernel<TIsa, TVector>.MostColumns, TIsa.Width);

    private static PanelSource Rows(in GemmOperands operands, int rows) => new()
    {
        Stride = operands.AStride,
        RowsRunAlongDepth = !operands.TransposeA,
        Depth = operands.K,
        PanelStride = (nint)HostWorkspace.Align(
            ((long)MicroKernel<TIsa, TVector>.MostRows * operands.K) + PanelPacking<TIsa, TVector>.Overshoot),
        Layout = RowLayout(rows),
    };

    private static PanelSource Columns(in GemmOperands operands, int columns) => new()
    {
        Stride = operands.BStride,
        RowsRunAlongDepth = operands.TransposeB,
        Depth = operands.K,
        PanelStride = MicroKernel<TIsa, TVector>.MostColumns * (nint)operands.K,
        Layout = ColumnLayout(columns),
    };

    private static PanelSource At(in PanelSource source, StoredOperand data, int start, int length)
    {
        PanelSource moved = source;
        moved.Data = data.At(source.RowsRunAlongDepth ? start * source.Stride : start);
        moved.Length = length;
        return moved;
    }
}
