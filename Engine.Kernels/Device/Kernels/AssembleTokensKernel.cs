using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out[b, 0] = classToken + positions[0]; out[b, 1 + p] = patches[b, p] + positions[1 + p]; rows of C floats. One flop and 12 bytes per
/// element, sixteen bytes per load where rows are aligned.
/// </summary>
internal static class AssembleTokensKernel<TAccess>
    where TAccess : struct, IElementAccess
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("assemble_tokens" + TAccess.Suffix, Run, GroupSize);

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
            int token = row % args.Tokens;
            Float4 content;
            if (token == 0)
            {
                content = TAccess.Load(args.ClassToken, vector);
            }
            else
            {
                int patch = (row / args.Tokens * (args.Tokens - 1)) + token - 1;
                content = TAccess.Load(args.Patches, ((long)patch * (args.PatchStride / TAccess.Width)) + vector);
            }

            Float4 position = TAccess.Load(args.Positions, ((long)token * (args.PositionStride / TAccess.Width)) + vector);
            TAccess.Store(args.Output, ((long)row * (args.OutputStride / TAccess.Width)) + vector, Float4.Add(content, position));
        }
    }

    internal struct Args
    {
        public ArrayView<float> Patches;
        public ArrayView<float> ClassToken;
        public ArrayView<float> Positions;
        public ArrayView<float> Output;
        public int PatchStride;
        public int PositionStride;
        public int OutputStride;
        public int Tokens;
        public int Rows;
        public int Columns;
    }
}
