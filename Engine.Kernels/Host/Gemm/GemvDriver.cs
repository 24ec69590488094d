namespace Engine.Kernels.Host;

/// <summary>Products with a handful of rows (generation, one sample at a time). They are bound by reading B once, so B is not
/// packed; workers share the columns.</summary>
internal static unsafe class GemvDriver<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    /// <summary>Elements of B below which other workers are not woken.</summary>
    private const long InlineElements = 1 << 16;

    /// <summary>Floats of one tile's sums that stay in the first-level cache beside the rows of B.</summary>
    private const int CachedSums = 6144;

    /// <summary>Computes the product; M is at most <see cref="GemmBlocking.GemvRows"/>.</summary>
    public static void Run(WorkerPool pool, HostWorkspace workspace, in GemmOperands operands)
    {
        if (operands.B.DType == DType.BF16)
        {
            Run<BFloat16Storage>(pool, workspace, operands);
        }
        else
        {
            Run<Float32Storage>(pool, workspace, operands);
        }
    }

    private static void Run<TFormat>(WorkerPool pool, HostWorkspace workspace, in GemmOperands operands)
        where TFormat : struct, IStorageFormat
    {
        bool isSmall = (long)operands.N * operands.K < InlineElements;
        if (!isSmall && !operands.TransposeA && !operands.TransposeB && operands.M * operands.N <= CachedSums)
        {
            RunByRows<TFormat>(pool, workspace, operands);
            return;
        }

        int workers = isSmall ? 1 : pool.Workers;
        long floatsOfA = operands.TransposeA ? HostWorkspace.Align((long)operands.M * operands.K) : 0;
        float* memory = workspace.Floats(floatsOfA + (workers * GemvJob<TIsa, TVector, TFormat>.ScratchFloats));
        GemmOperands rows = operands;
        if (operands.TransposeA)
        {
            rows.A = memory;
            rows.AStride = operands.K;
            GatherRows(operands, memory);
        }

        GemvJob<TIsa, TVector, TFormat> job = new(rows, memory + floatsOfA, workers);
        if (isSmall)
        {
            WorkerPool.RunInline(job.Tiles, job);
        }
        else
        {
            pool.Run(job.Tiles, job);
        }
    }

    /// <summary>Tiles are runs of B's rows, so that every worker reads one stream of memory; their sums are added in order.</summary>
    private static void RunByRows<TFormat>(WorkerPool pool, HostWorkspace workspace, in GemmOperands operands)
        where TFormat : struct, IStorageFormat
    {
        GemvRowsJob<TIsa, TVector, TFormat> job = new(operands, pool.Workers);
        job.Partial = workspace.Floats(job.PartialFloats);
        pool.Run(job.Tiles, job);
        WorkerPool.RunInline(1, new GemvSumJob<TIsa, TVector>(operands, job.Partial, job.Tiles));
    }

    private static void GatherRows(in GemmOperands operands, float* rows)
    {
        for (int k = 0; k < operands.K; k++)
        {
            for (int i = 0; i < operands.M; i++)
            {
                rows[((nint)i * operands.K) + k] = operands.A[(k * operands.AStride) + i];
            }
        }
    }
}
