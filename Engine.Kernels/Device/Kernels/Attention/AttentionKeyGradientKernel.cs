using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Gradients of attention with respect to keys and values, after FlashAttention-2 (Dao, arXiv 2307.08691, algorithm 2): a group owns 64
/// keys and walks over the blocks of 64 queries that see them, so that no sum has two writers. Scores are transposed, keys in rows:
/// p = exp(k q^T / sqrt(D) - LogSumExp), dv = p dout, ds = p * (v dout^T - delta), dk = ds q / sqrt(D).
/// 8 B H Tq Tk D flops (half if causal); 4 B H D (2 Tq + 4 Tk) bytes from memory, everything else from caches.
/// </summary>
internal static class AttentionKeyGradientKernel<TAccess, TWidth>
    where TAccess : struct, IRowAccess
    where TWidth : struct, IHeadWidth
{
    public static readonly DeviceKernel<AttentionKeyGradientArgs> Kernel = new(
        $"attention_key_gradient_{TAccess.Name}_{TWidth.Name}", Run, AttentionTile.Threads, TWidth.GroupsPerMultiprocessor);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionKeyGradientArgs args) => launcher.Launch(
        Kernel, new Index3D(AttentionTile.Blocks(args.Operands.KeyTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionKeyGradientArgs args)
    {
        AttentionOperands operands = args.Operands;
        ArrayView<Float4> rows = SharedMemory.Allocate<Float4>(AttentionTile.Length);
        ArrayView<Float4> queryColumns = SharedMemory.Allocate<Float4>(AttentionTile.Length);
        ArrayView<Float4> gradientColumns = SharedMemory.Allocate<Float4>(AttentionTile.Length);
        int key = AttentionTile.Size * Grid.IdxX;
        HeadRows queries = AttentionOperands.Queries(operands);
        HeadRows keys = AttentionOperands.Keys(operands);
        HeadRows values = AttentionOperands.Values(operands);
        HeadRows outputGradients = AttentionOperands.Rows(operands, args.OutputGradient, args.OutputGradientStride, operands.QueryTokens);
        Int4 positions = AttentionOperands.Positions(operands, key + AttentionTile.Row);
        ThreadTile keyGradient = default;
        ThreadTile keyGradientEnd = default;
        ThreadTile valueGradient = default;
        ThreadTile valueGradientEnd = default;
        int first = AttentionOperands.FirstBlock(operands, key, AttentionTile.Size);
        for (int query = first; query < operands.QueryTokens; query += AttentionTile.Size)
        {
            // Backwards, so that the first chunks of queries and of their gradients stay for the last products.
            ThreadTile scores = default;
            ThreadTile gradients = default;
            for (int chunk = TWidth.Chunks - 1; chunk >= 0; chunk--)
            {
                AttentionTile.LoadRows<TAccess>(rows, keys, key, chunk);
                AttentionTile.LoadColumns<TAccess>(queryColumns, queries, query, chunk);
                AttentionTile.LoadColumns<TAccess>(gradientColumns, outputGradients, query, chunk);
                Group.Barrier();
                scores = AttentionTile.AddProductOfTransposed(
                    scores, rows, queryColumns, operands.HeadSize - (chunk * AttentionTile.Size));
                Group.Barrier();
                AttentionTile.LoadRows<TAccess>(rows, values, key, chunk);
                Group.Barrier();
                gradients = AttentionTile.AddProductOfTransposed(
                    gradients, rows, gradientColumns, operands.HeadSize - (chunk * AttentionTile.Size));
                Group.Barrier();
            }

            Float4 exponents = Float4.Multiply(
                PerQuery.Load(operands, args.LogSumExp, query + AttentionTile.Lane), Float4.Broadcast(AttentionOperands.Log2E));
            scores = AttentionScores.ProbabilitiesOfKeys(
                scores, operands.Scale2, positions, AttentionOperands.LastKeys(operands, query + AttentionTile.Lane), exponents);
            gradients = AttentionScores.GradientsOfKeys(
                scores, gradients, PerQuery.Load(operands, args.Delta, query + AttentionTile.Lane));
            int depth = operands.QueryTokens - query;
            AttentionTile.StoreScores(rows, scores);
            Group.Barrier();
            valueGradient = AttentionTile.AddProduct(valueGradient, rows, gradientColumns, depth);
            if (TWidth.Chunks > 1)
            {
                Group.Barrier();
                AttentionTile.LoadColumns<TAccess>(gradientColumns, outputGradients, query, 1);
                Group.Barrier();
                valueGradientEnd = AttentionTile.AddProduct(valueGradientEnd, rows, gradientColumns, depth);
            }

            Group.Barrier();
            AttentionTile.StoreScores(rows, gradients);
            Group.Barrier();
            keyGradient = AttentionTile.AddProduct(keyGradient, rows, queryColumns, depth);
            if (TWidth.Chunks > 1)
            {
                Group.Barrier();
                AttentionTile.LoadColumns<TAccess>(queryColumns, queries, query, 1);
                Group.Barrier();
                keyGradientEnd = AttentionTile.AddProduct(keyGradientEnd, rows, queryColumns, depth);
            }

            Group.Barrier();
        }

        Float4 factors = Float4.Broadcast(operands.Scale2 * AttentionOperands.Ln2);
        HeadRows keyTarget = AttentionOperands.Rows(operands, args.KeyGradient, args.KeyGradientStride, operands.KeyTokens);
        HeadRows valueTarget = AttentionOperands.Rows(operands, args.ValueGradient, args.ValueGradientStride, operands.KeyTokens);
        AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(keyGradient, factors), keyTarget, key, 0);
        AttentionTile.Store<TAccess>(valueGradient, valueTarget, key, 0);
        if (TWidth.Chunks > 1)
        {
            AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(keyGradientEnd, factors), keyTarget, key, 1);
            AttentionTile.Store<TAccess>(valueGradientEnd, valueTarget, key, 1);
        }
    }
}
