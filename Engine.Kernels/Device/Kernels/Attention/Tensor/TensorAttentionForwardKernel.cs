using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// out = softmax(q k^T / sqrt(D) + mask) v on tensor cores, for heads of at most 64 numbers, after FlashAttention-2 (Dao, arXiv
/// 2307.08691, algorithm 1 and section 3.3): as <see cref="AttentionForwardKernel{TReduction, TAccess, TWidth}"/>, but operands of both
/// products, q, k, v and the weights, are rounded; sums, softmax and log-sum-exp are in float32. 4 B H Tq Tk D flops (half if causal);
/// 8 B H D (Tq + Tk) bytes from memory, and keys and values once per 128 queries from caches.
/// <para>
/// A warp has sixteen queries, and everything of theirs stays in its registers: fragments of q, scores, which become fragments of the
/// second product where they are, and sums. Tiles of 32 keys and values pass through two buffers in shared memory: the next one is asked
/// for before this one is multiplied, and rounded and written behind that; one barrier per tile. A warp leaves out tiles that none of its
/// queries sees, and masks only those that not all see.
/// </para>
/// <para>
/// Weights are 2^(score - shift). The shift is a whole number, the largest score so far rounded up: so what a weight is rounded to does
/// not depend on where in the row the largest score turns up, rescaling is exact, and it is left out as long as no shift of the warp grows.
/// </para>
/// <para>
/// A warp multiplies 32 times per tile in BF16 (64 times in TF32), beside 110 instructions of softmax. 128 queries by 128 keys take 1024
/// products, 3900 other instructions on floats and 3200 wavefronts of shared memory, where the kernel in float32 takes 136,000
/// and 35,000. Registers, estimated: 16 of q (32 in TF32), 32 of sums, 16 of scores, 8 of weights (16), 16 of the next tile, 35 others:
/// 123 of the 128 that leave room for two groups per multiprocessor in BF16, 147 in TF32.
/// </para>
/// </summary>
internal static class TensorAttentionForwardKernel<TFormat, TAccess>
    where TFormat : struct, IAttentionFormat
    where TAccess : struct, IRowAccess
{
    public static readonly DeviceKernel<AttentionForwardArgs> Kernel = new(
        $"attention_tensor_{TFormat.Name}_{TAccess.Name}", Run, TensorAttention.Threads, TFormat.Groups);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionForwardArgs args) => launcher.Launch(
        Kernel, new Index3D(TensorAttention.Blocks(args.Operands.QueryTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionForwardArgs args)
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
        AttentionReads reads = AttentionReads.Start(shared, AttentionMemory<TFormat>.Pitch, TensorAttention.Lane);
        uint target = AttentionMemory<TFormat>.Target(shared);
        AttentionMemory<TFormat>.CopyRows<TAccess>(target, AttentionOperands.Queries(operands), query);
        Group.Barrier();
        TFormat.LoadFirst(AttentionReads.Move(reads, TensorAttention.WarpRow * AttentionMemory<TFormat>.Pitch));
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
                if (next - 1 > lastOfAll)
                {
                    TensorScores.Mask(
                        pair + (uint)(stage * AttentionMemory<TFormat>.TokenBytes), lastOfFirst, lastOfSecond, float.NegativeInfinity);
                }

                TensorScores.Softmax(operands.Scale2);
                TFormat.AddScores(reads);
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

        Finish(args, memory, shared, query);
    }

    private static void Finish(AttentionForwardArgs args, ArrayView<Float4> memory, uint shared, int query)
    {
        AttentionOperands operands = args.Operands;
        TensorScores.StoreSoftmax(
            shared + (uint)(AttentionMemory<TFormat>.RowOffset + (TensorAttention.ThreadRow * sizeof(float))),
            (TensorAttention.Lane & 3) == 0 ? 1 : 0);
        Group.Barrier();
        ArrayView<float> shifts = AttentionMemory<TFormat>.Rows(memory);
        ArrayView<float> sums = shifts.SubView(TensorAttention.Rows);
        Float4 factors = Softmax.Normalization(AttentionHandover.OfRows(sums));
        HeadRows outputs = AttentionOperands.Rows(operands, args.Output, args.OutputStride, operands.QueryTokens);
        AttentionHandover handover = AttentionHandover.Start(shared);
        for (int half = 0; half < 2; half++)
        {
            TensorScores.HandOverOfScores(half, handover);
            Warp.Barrier();
            AttentionHandover.Write<TAccess>(memory, half, factors, outputs, query);
            Warp.Barrier();
        }

        int row = Group.IdxX;
        if (args.KeepsLogSumExp != 0 && row < TensorAttention.Rows && query + row < operands.QueryTokens)
        {
            args.LogSumExp[AttentionOperands.FirstQuery(operands) + query + row] = Softmax.LogSumExp(shifts[row], sums[row]);
        }
    }
}
