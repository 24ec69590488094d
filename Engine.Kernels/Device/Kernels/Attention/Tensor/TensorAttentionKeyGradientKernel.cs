using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Gradients of attention with respect to keys and values on tensor cores, for heads of at most 64 numbers: as
/// <see cref="AttentionKeyGradientKernel{TAccess, TWidth}"/>, from which it differs in rounding operands of products, q, k, v, dout, p and
/// ds; sums are in float32. 8 B H Tq Tk D flops (half if causal); 4 B H D (2 Tq + 4 Tk) bytes from memory, and queries and gradients of
/// outputs once per 128 keys from caches. Rows are keys and values, tiles are 32 queries and gradients; buffers are those of
/// <see cref="TensorAttentionForwardKernel{TFormat, TAccess}"/>. Of each query of a tile shared memory has the last key that it sees, its
/// exponent and its delta.
/// <para>
/// A warp multiplies 64 times per tile in BF16 (128 times in TF32), beside 64 instructions of p and ds. Registers, estimated: 32 of k and
/// v (64 in TF32), 32 of scores and their gradients, 64 of sums, 8 of p or ds (16), 16 of the next tile, 40 others: 192 (232) of the 255
/// that there are with one group per multiprocessor.
/// </para>
/// </summary>
internal static class TensorAttentionKeyGradientKernel<TFormat, TAccess>
    where TFormat : struct, IAttentionFormat
    where TAccess : struct, IRowAccess
{
    public static readonly DeviceKernel<AttentionKeyGradientArgs> Kernel = new(
        $"attention_key_gradient_tensor_{TFormat.Name}_{TAccess.Name}", Run, TensorAttention.Threads, groupsPerMultiprocessor: 1);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionKeyGradientArgs args) => launcher.Launch(
        Kernel, new Index3D(TensorAttention.Blocks(args.Operands.KeyTokens), args.Operands.Heads, sequences), args);

    private static void Run(AttentionKeyGradientArgs args)
    {
        // The kernel's only shared memory, to which the kernel compiler gives this name.
        ArrayView<Float4> memory = SharedMemory.Allocate<Float4>(AttentionMemory<TFormat>.Length);
        CudaAsm.Emit("mov.u32 %0, __shared_alloca0;", out uint inMemory);
        uint shared = inMemory;
        TensorScores.Declare();
        TFormat.Declare();
        AttentionOperands operands = args.Operands;
        int key = TensorAttention.Rows * Grid.IdxX;
        int warpKey = key + TensorAttention.WarpRow;
        HeadRows queries = AttentionOperands.Queries(operands);
        HeadRows outputGradients = AttentionOperands.Rows(operands, args.OutputGradient, args.OutputGradientStride, operands.QueryTokens);

        // Queries from the first one on see a key of the warp, those from the second one on see all; all, if not causal.
        int diagonal = operands.IsCausal != 0 ? operands.QueryTokens - operands.KeyTokens : -operands.KeyTokens;
        int firstOfAny = warpKey < operands.KeyTokens ? diagonal + warpKey : int.MaxValue;
        int firstOfAll = operands.HasKeyMask != 0 ? int.MaxValue : diagonal + warpKey + TensorAttention.WarpRows - 1;

        // Negative, as are last keys: columns that are not greater are those of queries that see the row.
        int first = -AttentionOperands.Position(operands, key + TensorAttention.ThreadRow);
        int second = -AttentionOperands.Position(operands, key + TensorAttention.ThreadRow + 8);
        AttentionReads reads = AttentionReads.Start(shared, AttentionMemory<TFormat>.Pitch, TensorAttention.Lane);
        AttentionReads ownRows = AttentionReads.Move(reads, TensorAttention.WarpRow * AttentionMemory<TFormat>.Pitch);
        uint target = AttentionMemory<TFormat>.Target(shared);
        AttentionMemory<TFormat>.CopyRows<TAccess>(target, AttentionOperands.Keys(operands), key);
        Group.Barrier();
        TFormat.LoadFirst(ownRows);
        Group.Barrier();
        AttentionMemory<TFormat>.CopyRows<TAccess>(target, AttentionOperands.Values(operands), key);
        Group.Barrier();
        TFormat.LoadSecond(ownRows);
        Group.Barrier();

        ArrayView<float> tokens = AttentionMemory<TFormat>.Tokens(memory);
        int start = AttentionOperands.FirstBlock(operands, key, TensorAttention.TileTokens);
        AttentionMemory<TFormat>.Store(target, AttentionMemory<TFormat>.Load<TAccess>(queries, outputGradients, start));
        StoreTokens(tokens, 0, Tokens(args, start));
        Group.Barrier();
        int stage = 0;
        uint pair = shared + (uint)(AttentionMemory<TFormat>.TokenOffset + ((TensorAttention.Lane & 3) * 2 * sizeof(int)));
        for (int query = start; query < operands.QueryTokens; query += TensorAttention.TileTokens)
        {
            int next = query + TensorAttention.TileTokens;
            ThreadTile tile = AttentionMemory<TFormat>.Load<TAccess>(queries, outputGradients, next);
            TokenNumbers numbers = Tokens(args, next);
            if (next - 1 >= firstOfAny)
            {
                uint columns = pair + (uint)(stage * AttentionMemory<TFormat>.TokenBytes);
                TFormat.MultiplyFirst(reads);
                TFormat.MultiplySecond(reads);
                TensorScores.ProbabilitiesOfColumns(columns + (TensorAttention.TileTokens * sizeof(float)), operands.Scale2);
                if (query < firstOfAll || next > operands.QueryTokens)
                {
                    TensorScores.Mask(columns, first, second, 0);
                }

                TensorScores.GradientsOfColumns(columns + (2 * TensorAttention.TileTokens * sizeof(float)));
                TFormat.AddScores(reads);
                TFormat.AddGradients(reads);
            }

            int toNext = stage == 0 ? AttentionMemory<TFormat>.StageBytes : -AttentionMemory<TFormat>.StageBytes;
            stage ^= 1;
            target += (uint)toNext;
            reads = AttentionReads.Move(reads, toNext);
            AttentionMemory<TFormat>.Store(target, tile);
            StoreTokens(tokens, stage, numbers);
            Group.Barrier();
        }

        Finish(args, memory, shared, key);
    }

    private static void Finish(AttentionKeyGradientArgs args, ArrayView<Float4> memory, uint shared, int key)
    {
        AttentionOperands operands = args.Operands;
        Float4 factors = Float4.Broadcast(operands.Scale2 * AttentionOperands.Ln2);
        HeadRows keyGradients = AttentionOperands.Rows(operands, args.KeyGradient, args.KeyGradientStride, operands.KeyTokens);
        HeadRows valueGradients = AttentionOperands.Rows(operands, args.ValueGradient, args.ValueGradientStride, operands.KeyTokens);
        AttentionHandover handover = AttentionHandover.Start(shared);
        for (int half = 0; half < 2; half++)
        {
            TensorScores.HandOverOfGradients(half, handover);
            Warp.Barrier();
            AttentionHandover.Write<TAccess>(memory, half, factors, keyGradients, key);
            Warp.Barrier();
            TensorScores.HandOverOfScores(half, handover);
            Warp.Barrier();
            AttentionHandover.Write<TAccess>(memory, half, Float4.Broadcast(1), valueGradients, key);
            Warp.Barrier();
        }
    }

    /// <summary>The calling lane's query of a tile: the last key that it sees, its exponent and its delta.</summary>
    private static TokenNumbers Tokens(AttentionKeyGradientArgs args, int query)
    {
        int token = query + TensorAttention.Lane;
        return new TokenNumbers
        {
            LastKey = AttentionOperands.LastKey(args.Operands, token),
            Exponent = TensorAttention.Exponent(args.Operands, args.LogSumExp, token),
            Delta = TensorAttention.OfQuery(args.Operands, args.Delta, token),
        };
    }

    private static void StoreTokens(ArrayView<float> tokens, int stage, TokenNumbers numbers)
    {
        if (Group.IdxX < TensorAttention.TileTokens)
        {
            int place = (stage * AttentionMemory<TFormat>.TokenBytes / sizeof(float)) + TensorAttention.Lane;
            tokens.Cast<int>()[place] = -numbers.LastKey;
            tokens[place + TensorAttention.TileTokens] = numbers.Exponent;
            tokens[place + (2 * TensorAttention.TileTokens)] = numbers.Delta;
        }
    }

    private struct TokenNumbers
    {
        public int LastKey;
        public float Exponent;
        public float Delta;
    }
}
