using ILGPU;
using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <summary>
/// Attention of one query per sequence, the step of text generation with a key/value cache: out[D] = softmax(q K^T / sqrt(D) + mask) V with
/// [Tk, D] keys and values. 4 B H Tk D flops, 8 B H Tk D bytes: memory is what counts, and keys and values are read once.
/// A group has one head of one sequence. Each of its 16 rows of lanes walks over keys of its own, four at a time, with a softmax of its own,
/// so that nobody waits; at the end the 16 are combined in order.
/// </summary>
internal static class AttentionSingleQueryKernel<TReduction, TAccess, TWidth>
    where TReduction : struct, ILaneReduction
    where TAccess : struct, IRowAccess
    where TWidth : struct, IHeadWidth
{
    public static readonly DeviceKernel<AttentionForwardArgs> Kernel = new("attention_single_query", Run, AttentionTile.Threads);

    // Rows of lanes, and the longest head.
    private const int Parts = AttentionTile.Threads / AttentionTile.Lanes;
    private const int MostColumns = 2 * AttentionTile.Size;

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, int sequences, in AttentionForwardArgs args) =>
        launcher.Launch(Kernel, new Index3D(1, args.Operands.Heads, sequences), args);

    private static void Run(AttentionForwardArgs args)
    {
        AttentionOperands operands = args.Operands;
        ArrayView<Float4> outputs = SharedMemory.Allocate<Float4>(Parts * MostColumns / 4);
        ArrayView<float> maxima = SharedMemory.Allocate<float>(Parts);
        ArrayView<float> sums = SharedMemory.Allocate<float>(Parts);
        HeadRows queries = AttentionOperands.Queries(operands);
        HeadRows keys = AttentionOperands.Keys(operands);
        HeadRows values = AttentionOperands.Values(operands);
        Float4 query = HeadRows.Load<TAccess>(queries, 0, 4 * AttentionTile.Lane);
        Float4 queryEnd = default;
        if (TWidth.Chunks > 1)
        {
            queryEnd = HeadRows.Load<TAccess>(queries, 0, AttentionTile.Size + (4 * AttentionTile.Lane));
        }

        float maximum = float.NegativeInfinity;
        float sum = 0;
        Float4 output = default;
        Float4 outputEnd = default;
        for (int key = 0; key < operands.KeyTokens; key += AttentionTile.Size)
        {
            Float4 scores = ThreadTile.AddDots(default, query, AttentionTile.FromMemory<TAccess>(keys, key, 0));
            if (TWidth.Chunks > 1)
            {
                scores = ThreadTile.AddDots(scores, queryEnd, AttentionTile.FromMemory<TAccess>(keys, key, 1));
            }

            scores = AttentionScores.OfQuery(
                TReduction.Sum(scores, outputs), operands.Scale2, AttentionOperands.Positions(operands, key + AttentionTile.Row),
                operands.KeyTokens - 1);
            float largest = XMath.Max(maximum, Float4.Largest(scores));
            float shift = Softmax.Shift(largest);
            float decay = XMath.Exp2(maximum - shift);
            maximum = largest;
            scores = Float4.Exp2(Float4.Subtract(scores, Float4.Broadcast(shift)));
            sum = (sum * decay) + Float4.Sum(scores);
            output = ThreadTile.AddWeightedRows(
                Float4.Multiply(output, Float4.Broadcast(decay)), scores, AttentionTile.FromMemory<TAccess>(values, key, 0));
            if (TWidth.Chunks > 1)
            {
                outputEnd = ThreadTile.AddWeightedRows(
                    Float4.Multiply(outputEnd, Float4.Broadcast(decay)), scores, AttentionTile.FromMemory<TAccess>(values, key, 1));
            }
        }

        int place = (AttentionTile.Row * MostColumns / 4) + AttentionTile.Lane;
        outputs[place] = output;
        outputs[place + AttentionTile.Lanes] = outputEnd;
        if (AttentionTile.Lane == 0)
        {
            maxima[AttentionTile.Row] = maximum;
            sums[AttentionTile.Row] = sum;
        }

        Group.Barrier();
        Combine(args, outputs.Cast<float>(), maxima, sums);
    }

    /// <summary>A thread per column adds the parts, each rescaled from its own maximum to the largest.</summary>
    private static void Combine(AttentionForwardArgs args, ArrayView<float> outputs, ArrayView<float> maxima, ArrayView<float> sums)
    {
        int column = Group.IdxX;
        if (column >= args.Operands.HeadSize)
        {
            return;
        }

        float maximum = maxima[0];
        for (int part = 1; part < Parts; part++)
        {
            maximum = XMath.Max(maximum, maxima[part]);
        }

        float shift = Softmax.Shift(maximum);
        float sum = 0;
        float output = 0;
        for (int part = 0; part < Parts; part++)
        {
            float factor = XMath.Exp2(maxima[part] - shift);
            sum += factor * sums[part];
            output += factor * outputs[(part * MostColumns) + column];
        }

        HeadRows target = AttentionOperands.Rows(args.Operands, args.Output, args.OutputStride, 1);
        target.Elements[target.First + column] = output * Softmax.Normalization(sum);
        if (args.KeepsLogSumExp != 0 && column == 0)
        {
            args.LogSumExp[AttentionOperands.FirstQuery(args.Operands)] = Softmax.LogSumExp(maximum, sum);
        }
    }
}
