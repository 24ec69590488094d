using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Gradient of attention with respect to queries on tensor cores, for heads of at most 64 numbers: as
/// <see cref="AttentionQueryGradientKernel{TReduction, TAccess, TWidth}"/>, from which it differs in rounding operands of products, q, k,
/// v, dout and ds; delta, the sums and p are in float32. 6 B H Tq Tk D flops (half if causal); 4 B H D (4 Tq + 2 Tk) bytes from memory,
/// and keys and values once per 128 queries from caches. Tiles and buffers are those of
/// <see cref="TensorAttentionForwardKernel{TFormat, TAccess}"/>.
/// <para>
/// A warp multiplies 48 times per tile in BF16 (96 times in TF32), beside 64 instructions of p and ds. Registers, estimated: 32 of q and
/// dout (64 in TF32), 32 of scores and their gradients, 32 of sums, 8 of ds (16), 16 of the next tile, 40 others: 160 (200) of the 255
/// that there are with one group per multiprocessor.
/// </para>
/// </summary>
internal static class TensorAttentionQueryGradientKernel<TFormat, TAccess>
    where TFormat : struct, IAttentionFormat
    where TAccess : struct, IRowAccess
{
    public static readonly DeviceKernel<AttentionQueryGradientArgs> Kernel = new(
        $"attention_query_gradient_tensor_{TFormat.Name}_{TAccess.Name}", Run, TensorAttention.Threads, groupsPerMultiprocessor: 1);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionQueryGradientArgs args) => launcher.Launch(
        Kernel, new Index3D(TensorAttention.Blocks(args.Operands.QueryTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionQueryGradientArgs args)
    {
        // The kernel's only shared memory, to which the kernel compiler gives this name.
        ArrayView<Float4> memory = SharedMemory.Allocate<Float4>(AttentionMemory<TFormat>.Length);
        CudaAsm.Emit("mov.u32 %0, __shared_alloca0;", out uint inMemory);
        uint shared = inMemory;
        TensorScores.Declare();
        TFormat.Declare();
        AttentionOperands operands = args.Operands;

        // The last block first: it sees the most keys if causal.
        int query = TensorAttention.Rows * (Grid.DimX - 1 - Grid.IdxX);
        int end = AttentionOperands.KeyEnd(operands, query, TensorAttention.Rows);
        HeadRows keys = AttentionOperands.Keys(operands);
        HeadRows values = AttentionOperands.Values(operands);
        keys.Tokens = end;
        values.Tokens = end;
        int lastOfAny = TensorAttention.LastKeyOfAny(operands, query + TensorAttention.WarpRow);
        int lastOfAll = TensorAttention.LastKeyOfAll(operands, query + TensorAttention.WarpRow);
        int lastOfFirst = AttentionOperands.LastKey(operands, query + TensorAttention.ThreadRow);
        int lastOfSecond = AttentionOperands.LastKey(operands, query + TensorAttention.ThreadRow + 8);
        float exponentOfFirst = TensorAttention.Exponent(operands, args.LogSumExp, query + TensorAttention.ThreadRow);
        float exponentOfSecond = TensorAttention.Exponent(operands, args.LogSumExp, query + TensorAttention.ThreadRow + 8);
        AttentionReads reads = AttentionReads.Start(shared, AttentionMemory<TFormat>.Pitch, TensorAttention.Lane);
        AttentionReads ownRows = AttentionReads.Move(reads, TensorAttention.WarpRow * AttentionMemory<TFormat>.Pitch);
        uint target = AttentionMemory<TFormat>.Target(shared);
        ArrayView<float> deltas = AttentionMemory<TFormat>.Rows(memory);
        HeadRows outputGradients = AttentionOperands.Rows(operands, args.OutputGradient, args.OutputGradientStride, operands.QueryTokens);
        AttentionMemory<TFormat>.CopyRows<TAccess>(target, AttentionOperands.Queries(operands), query);
        ComputeDeltas(args, outputGradients, query, deltas);
        Group.Barrier();
        TFormat.LoadFirst(ownRows);
        float deltaOfFirst = deltas[TensorAttention.ThreadRow];
        float deltaOfSecond = deltas[TensorAttention.ThreadRow + 8];
        Group.Barrier();
        AttentionMemory<TFormat>.CopyRows<TAccess>(target, outputGradients, query);
        Group.Barrier();
        TFormat.LoadSecond(ownRows);
        Group.Barrier();

        ArrayView<int> positions = AttentionMemory<TFormat>.Tokens(memory).Cast<int>();
        AttentionMemory<TFormat>.Store(target, AttentionMemory<TFormat>.Load<TAccess>(keys, values, 0));
        int position = AttentionOperands.Position(operands, TensorAttention.Lane);
        if (Group.IdxX < TensorAttention.TileTokens)
        {
            positions[TensorAttention.Lane] = position;
        }

        Group.Barrier();
        int stage = 0;
        uint pair = shared + (uint)(AttentionMemory<TFormat>.TokenOffset + ((TensorAttention.Lane & 3) * 2 * sizeof(int)));
        for (int key = 0; key < end; key += TensorAttention.TileTokens)
        {
            int next = key + TensorAttention.TileTokens;
            ThreadTile tile = AttentionMemory<TFormat>.Load<TAccess>(keys, values, next);
            position = AttentionOperands.Position(operands, next + TensorAttention.Lane);
            if (key <= lastOfAny)
            {
                TFormat.MultiplyFirst(reads);
                TFormat.MultiplySecond(reads);
                TensorScores.ProbabilitiesOfRows(operands.Scale2, exponentOfFirst, exponentOfSecond);
                if (next - 1 > lastOfAll)
                {
                    TensorScores.Mask(pair + (uint)(stage * AttentionMemory<TFormat>.TokenBytes), lastOfFirst, lastOfSecond, 0);
                }

                TensorScores.GradientsOfRows(deltaOfFirst, deltaOfSecond);
                TFormat.AddGradients(reads);
            }

            int toNext = stage == 0 ? AttentionMemory<TFormat>.StageBytes : -AttentionMemory<TFormat>.StageBytes;
            stage ^= 1;
            target += (uint)toNext;
            reads = AttentionReads.Move(reads, toNext);
            AttentionMemory<TFormat>.Store(target, tile);
            if (Group.IdxX < TensorAttention.TileTokens)
            {
                positions[(stage * AttentionMemory<TFormat>.TokenBytes / sizeof(int)) + TensorAttention.Lane] = position;
            }

            Group.Barrier();
        }

        Float4 factors = Float4.Broadcast(operands.Scale2 * AttentionOperands.Ln2);
        HeadRows gradients = AttentionOperands.Rows(operands, args.QueryGradient, args.QueryGradientStride, operands.QueryTokens);
        AttentionHandover handover = AttentionHandover.Start(shared);
        for (int half = 0; half < 2; half++)
        {
            TensorScores.HandOverOfGradients(half, handover);
            Warp.Barrier();
            AttentionHandover.Write<TAccess>(memory, half, factors, gradients, query);
            Warp.Barrier();
        }

        int row = Group.IdxX;
        if (row < TensorAttention.Rows && query + row < operands.QueryTokens)
        {
            args.Delta[AttentionOperands.FirstQuery(operands) + query + row] = deltas[row];
        }
    }

    /// <summary>dout . out of the group's rows, to shared memory.</summary>
    private static void ComputeDeltas(AttentionQueryGradientArgs args, HeadRows outputGradients, int query, ArrayView<float> deltas)
    {
        HeadRows outputs = AttentionOperands.Rows(args.Operands, args.Output, args.OutputStride, args.Operands.QueryTokens);
        int row = AttentionMemory<TFormat>.Row;
        for (int first = 0; first < TensorAttention.Rows; first += TensorAttention.Rows / 2)
        {
            Float4 sums = AttentionMemory<TFormat>.SumOfRow(ThreadTile.AddDotsOfRows(
                default,
                AttentionMemory<TFormat>.Load<TAccess>(outputGradients, query + first),
                AttentionMemory<TFormat>.Load<TAccess>(outputs, query + first)));
            if (AttentionMemory<TFormat>.IsFirstOfRow)
            {
                AttentionMemory<TFormat>.StoreOfRows(deltas, first + row, sums);
            }

            // Branches on the counter are compiled as uniform: no thread of a warp may run ahead.
            Warp.Barrier();
        }
    }
}
