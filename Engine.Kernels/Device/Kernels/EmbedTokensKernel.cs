using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out[i] = tokens[ids[i]] + positions[firstPosition + i mod T], rows of C floats. One flop and 12 bytes per element,
/// sixteen bytes per load of float32 where rows are aligned. An id outside the table gives NaN, which the caller's check of
/// the loss reports.
/// </summary>
internal static class EmbedTokensKernel<TFormat, TElement, TAccess>
    where TFormat : struct, IStorageFormat<TElement>
    where TElement : unmanaged
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new(
        $"embed_tokens_{StorageFormats.Name<TFormat>()}{TAccess.Suffix}", Run, GroupSize);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) =>
        launcher.Launch(Kernel, LaunchGrid.Of(args.Columns / TAccess.Width, GroupSize, args.Rows), args);

    private static void Run(Args args)
    {
        int vector = Grid.GlobalIndex.X;
        if (vector >= args.Columns / TAccess.Width)
        {
            return;
        }

        for (int row = Grid.IdxY; row < args.Rows; row += Grid.DimY)
        {
            int id = args.Ids[row];
            bool isValid = id >= 0 && id < args.Vocabulary;
            int position = args.FirstPosition + (row % args.Tokens);
            Float4 token = TAccess.Load<TFormat, TElement>(
                args.TokenTable, ((long)(isValid ? id : 0) * (args.TokenStride / TAccess.Width)) + vector);
            Float4 sum = Float4.Add(token, TAccess.Load(args.Positions, ((long)position * (args.PositionStride / TAccess.Width)) + vector));
            TAccess.Store(
                args.Output, ((long)row * (args.OutputStride / TAccess.Width)) + vector, isValid ? sum : Float4.Broadcast(float.NaN));
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
