using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// out[b, 0] = classToken + positions[0]; out[b, 1 + p] = patches[b, p] + positions[1 + p]; rows of C floats. One flop and 12 bytes per
/// element; one thread each.
/// </summary>
internal static class AssembleTokensKernel
{
    private const int GroupSize = 256;

    public static readonly DeviceKernel<Args> Kernel = new("assemble_tokens", Run, GroupSize);

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
            int token = row % args.Tokens;
            float content;
            if (token == 0)
            {
                content = args.ClassToken[column];
            }
            else
            {
                int patch = (row / args.Tokens * (args.Tokens - 1)) + token - 1;
                content = args.Patches[((long)patch * args.PatchStride) + column];
            }

            float position = args.Positions[((long)token * args.PositionStride) + column];
            args.Output[((long)row * args.OutputStride) + column] = content + position;
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
