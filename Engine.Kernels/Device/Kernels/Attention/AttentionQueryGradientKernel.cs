using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Gradient of attention with respect to queries, after FlashAttention-2 (Dao, arXiv 2307.08691, algorithm 2) with the loops exchanged: a
/// group owns 64 queries, so that no sum has two writers. delta = rowsum(dout * out), which it leaves for
/// <see cref="AttentionKeyGradientKernel{TAccess, TWidth}"/>; p = exp(q k^T / sqrt(D) - LogSumExp), ds = p * (dout v^T - delta),
/// dq = ds k / sqrt(D). 6 B H Tq Tk D flops (half if causal); 4 B H D (4 Tq + 2 Tk) bytes from memory, everything else from caches.
/// </summary>
internal static class AttentionQueryGradientKernel<TReduction, TAccess, TWidth>
    where TReduction : struct, ILaneReduction
    where TAccess : struct, IRowAccess
    where TWidth : struct, IHeadWidth
{
    public static readonly DeviceKernel<AttentionQueryGradientArgs> Kernel = new(
        $"attention_query_gradient_{TAccess.Name}_{TWidth.Name}", Run, AttentionTile.Threads, TWidth.GroupsPerMultiprocessor);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionQueryGradientArgs args) => launcher.Launch(
        Kernel, new Index3D(AttentionTile.Blocks(args.Operands.QueryTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionQueryGradientArgs args)
    {
        AttentionOperands operands = args.Operands;
        ArrayView<Float4> rows = SharedMemory.Allocate<Float4>(AttentionTile.Length);
        ArrayView<Float4> columns = SharedMemory.Allocate<Float4>(AttentionTile.Length);
        ArrayView<Float4> weights = SharedMemory.Allocate<Float4>(AttentionTile.Length);

        // The last block first: it sees the most keys if causal.
        int query = AttentionTile.Size * (Grid.DimX - 1 - Grid.IdxX);
        HeadRows queries = AttentionOperands.Queries(operands);
        HeadRows keys = AttentionOperands.Keys(operands);
        HeadRows values = AttentionOperands.Values(operands);
        HeadRows outputGradients = AttentionOperands.Rows(operands, args.OutputGradient, args.OutputGradientStride, operands.QueryTokens);
        Int4 lastKeys = AttentionOperands.LastKeys(operands, query + AttentionTile.Row);
        Float4 exponents = Float4.Multiply(
            PerQuery.Load(operands, args.LogSumExp, query + AttentionTile.Row), Float4.Broadcast(AttentionOperands.Log2E));
        Float4 delta = TReduction.Sum(Delta(args, outputGradients, query), weights);
        int end = AttentionOperands.KeyEnd(operands, query, AttentionTile.Size);
        ThreadTile gradient = default;
        ThreadTile gradientEnd = default;
        for (int key = 0; key < end; key += AttentionTile.Size)
        {
            // Backwards, so that the keys' first chunk stays for the last product.
            ThreadTile scores = default;
            for (int chunk = TWidth.Chunks - 1; chunk >= 0; chunk--)
            {
                AttentionTile.LoadRows<TAccess>(rows, queries, query, chunk);
                AttentionTile.LoadColumns<TAccess>(columns, keys, key, chunk);
                Group.Barrier();
                scores = AttentionTile.AddProductOfTransposed(scores, rows, columns, operands.HeadSize - (chunk * AttentionTile.Size));
                Group.Barrier();
            }

            ThreadTile gradients = default;
            for (int chunk = 0; chunk < TWidth.Chunks; chunk++)
            {
                AttentionTile.LoadRows<TAccess>(rows, outputGradients, query, chunk);
                AttentionTile.LoadColumns<TAccess>(weights, values, key, chunk);
                Group.Barrier();
                gradients = AttentionTile.AddProductOfTransposed(
                    gradients, rows, weights, operands.HeadSize - (chunk * AttentionTile.Size));
                Group.Barrier();
            }

            scores = AttentionScores.ProbabilitiesOfQueries(
                scores, operands.Scale2, AttentionOperands.Positions(operands, key + AttentionTile.Lane), lastKeys, exponents);
            AttentionTile.StoreScores(weights, AttentionScores.GradientsOfQueries(scores, gradients, delta));
            Group.Barrier();
            gradient = AttentionTile.AddProduct(gradient, weights, columns, end - key);
            Group.Barrier();
            if (TWidth.Chunks > 1)
            {
                AttentionTile.LoadColumns<TAccess>(columns, keys, key, 1);
                Group.Barrier();
                gradientEnd = AttentionTile.AddProduct(gradientEnd, weights, columns, end - key);
                Group.Barrier();
            }
        }

        Float4 factors = Float4.Broadcast(operands.Scale2 * AttentionOperands.Ln2);
        HeadRows target = AttentionOperands.Rows(operands, args.QueryGradient, args.QueryGradientStride, operands.QueryTokens);
        AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(gradient, factors), target, query, 0);
        if (TWidth.Chunks > 1)
        {
            AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(gradientEnd, factors), target, query, 1);
        }

        // Last, as a branch that the lanes of a warp take apart may keep them apart in the loads that follow.
        if (AttentionTile.Lane == 0)
        {
            PerQuery.Store(operands, args.Delta, query + AttentionTile.Row, delta);
        }
    }

    /// <summary>This lane's part of dout . out, of four rows.</summary>
    private static Float4 Delta(AttentionQueryGradientArgs args, HeadRows outputGradients, int query)
    {
        HeadRows outputs = AttentionOperands.Rows(args.Operands, args.Output, args.OutputStride, args.Operands.QueryTokens);
        Float4 sum = default;
        for (int chunk = 0; chunk < TWidth.Chunks; chunk++)
        {
            sum = ThreadTile.AddDotsOfRows(
                sum,
                AttentionTile.FromMemory<TAccess>(outputGradients, query, chunk),
                AttentionTile.FromMemory<TAccess>(outputs, query, chunk));
        }

        return sum;
    }
}
