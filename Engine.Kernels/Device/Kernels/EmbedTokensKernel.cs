using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out[i] = tokens[ids[i]] + positions[firstPosition + i mod T], rows of C floats. One flop and 12 bytes per element; one thread each. An
/// id
/// outside the table gives NaN, which the caller's check of the loss reports.
/// </summary>
internal static class EmbedTokensKernel<TFormat, TElement>
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("embed_tokens_" + StorageFormats.Name<TFormat>(), Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int column = Grid.GlobalIndex.X;
        if (column >= args.Columns)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int id = args.Ids[row];
            bool isValid = id >= 0 && id < args.Vocabulary;
            int position = args.FirstPosition + (row % args.Tokens);
            float token = TFormat.Load(args.TokenTable, ((long)(isValid ? id : 0) * args.TokenStride) + column);
            float sum = token + args.Positions[((long)position * args.PositionStride) + column];
            args.Output[((long)row * args.OutputStride) + column] = isValid ? sum : float.NaN;
        }
    }

    internal struct Args
    {
        public ArrayView<int> Ids;
        public ArrayView<TElement> TokenTable;
        public ArrayView<float> Positions;
        public ArrayView<float> Output;
        public int TokenStride;
        public int PositionStride;
        public int OutputStride;
        public int Vocabulary;
        public int FirstPosition;
        public int Tokens;
        public int Rows;
        public int Columns;
    }
}
