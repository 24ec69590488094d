namespace Engine.Kernels.Host;

/// <summary>sums[c] (+)= x[0, c] + x[1, c] + ...: partial sums of blocks of rows, then the blocks in order. RC flops, 4RC bytes.</summary>
internal readonly unsafe struct SumRowsOp : ISimdOp
{
    // Elements below which nobody is woken: some ten microseconds of reading.
    private const long InlineElements = 1 << 16;

    public required float* X { get; init; }

    public required int XStride { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required float* Sums { get; init; }

    public required bool Accumulate { get; init; }

    public void Run<TIsa, TVector>(WorkerPool pool, HostWorkspace workspace)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : unmanaged
    {
        int blocks = SumRowsJob<TIsa, TVector>.Blocks(Rows);
        float* partials = workspace.Floats((long)blocks * Columns);
        SumRowsJob<TIsa, TVector> job = new(X, XStride, Rows, Columns, partials);
        if ((long)Rows * Columns < InlineElements)
        {
            WorkerPool.RunInline(blocks, job);
        }
        else
        {
            pool.Run(blocks, job);
        }

        SumRowsJob<TIsa, TVector>.Reduce(partials, blocks, Columns, Sums, Accumulate);
    }
}
