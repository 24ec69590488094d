using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out = softmax(q k^T / sqrt(D) + mask) v for every sequence and head, [Tq, D] from [Tq, D], [Tk, D] and [Tk, D], after FlashAttention-2
/// (Dao, arXiv 2307.08691, algorithm 1): scores are never in memory. 4 B H Tq Tk D flops (half if causal); 8 B H D (Tq + Tk) bytes from
/// memory, and keys and values once per block of queries from caches.
/// A group owns 64 queries and walks over blocks of 64 keys; a thread keeps the maxima of four rows, its lane's parts of their sums of
/// exponentials, and 4 x 4 sums of values. Blocks above the diagonal are not visited.
/// </summary>
internal static class AttentionForwardKernel<TReduction, TAccess, TWidth>
    where TReduction : struct, ILaneReduction
    where TAccess : struct, IRowAccess
    where TWidth : struct, IHeadWidth
{
    public static readonly DeviceKernel<AttentionForwardArgs> Kernel = new(
        $"attention_{TAccess.Name}_{TWidth.Name}", Run, AttentionTile.Threads, TWidth.GroupsPerMultiprocessor);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionForwardArgs args) => launcher.Launch(
        Kernel, new Index3D(AttentionTile.Blocks(args.Operands.QueryTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionForwardArgs args)
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
        Int4 lastKeys = AttentionOperands.LastKeys(operands, query + AttentionTile.Row);
        int end = AttentionOperands.KeyEnd(operands, query, AttentionTile.Size);
        Float4 maximum = Float4.Broadcast(float.NegativeInfinity);
        Float4 sum = default;
        ThreadTile output = default;
        ThreadTile outputEnd = default;
        for (int key = 0; key < end; key += AttentionTile.Size)
        {
            ThreadTile scores = default;
            for (int chunk = 0; chunk < TWidth.Chunks; chunk++)
            {
                if (TWidth.Chunks > 1 || key == 0)
                {
                    AttentionTile.LoadRows<TAccess>(rows, queries, query, chunk);
                }

                AttentionTile.LoadColumns<TAccess>(columns, keys, key, chunk);
                Group.Barrier();
                scores = AttentionTile.AddProductOfTransposed(scores, rows, columns, operands.HeadSize - (chunk * AttentionTile.Size));
                Group.Barrier();
            }

            scores = AttentionScores.OfQueries(
                scores, operands.Scale2, AttentionOperands.Positions(operands, key + AttentionTile.Lane), lastKeys);
            Float4 largest = Float4.Max(maximum, TReduction.Max(ThreadTile.LargestOfRows(scores), weights));
            Float4 shift = Softmax.Shift(largest);
            Float4 decay = Float4.Exp2(Float4.Subtract(maximum, shift));
            maximum = largest;
            scores = ThreadTile.Exp2(scores, shift);
            sum = Float4.Add(Float4.Multiply(sum, decay), ThreadTile.SumsOfRows(scores));
            AttentionTile.StoreScores(weights, scores);
            AttentionTile.LoadColumns<TAccess>(columns, values, key, 0);
            Group.Barrier();
            output = AttentionTile.AddProduct(ThreadTile.ScaleRows(output, decay), weights, columns, end - key);
            Group.Barrier();
            if (TWidth.Chunks > 1)
            {
                AttentionTile.LoadColumns<TAccess>(columns, values, key, 1);
                Group.Barrier();
                outputEnd = AttentionTile.AddProduct(ThreadTile.ScaleRows(outputEnd, decay), weights, columns, end - key);
                Group.Barrier();
            }
        }

        sum = TReduction.Sum(sum, weights);
        Float4 factors = Softmax.Normalization(sum);
        HeadRows outputs = AttentionOperands.Rows(operands, args.Output, args.OutputStride, operands.QueryTokens);
        AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(output, factors), outputs, query, 0);
        if (TWidth.Chunks > 1)
        {
            AttentionTile.Store<TAccess>(ThreadTile.ScaleRows(outputEnd, factors), outputs, query, 1);
        }

        if (args.KeepsLogSumExp != 0 && AttentionTile.Lane == 0)
        {
            PerQuery.Store(operands, args.LogSumExp, query + AttentionTile.Row, Softmax.LogSumExp(maximum, sum));
        }
    }
}
