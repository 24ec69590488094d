using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// indices[i] = the first column of the largest entry of row i of [R, V]. RV comparisons, 4RV bytes. One group per row; a tree over the
/// threads' candidates prefers the smaller column among equals. Threads read an entry at a time: a candidate is a value and its column, and
/// only generation asks, once per token.
/// </summary>
internal static class ArgMaxKernel
{
    private const int Threads = GroupReduction.Threads;

    public static readonly DeviceKernel<Args> Kernel = new("argmax", Run, Threads);

    /// <summary>Enqueues the kernel.</summary>
    public static void Launch(IKernelLauncher launcher, in Args args) => launcher.Launch(Kernel, new Index3D(args.Rows, 1, 1), args);

    private static void Run(Args args)
    {
        ArrayView<float> values = SharedMemory.Allocate<float>(Threads);
        ArrayView<int> columns = SharedMemory.Allocate<int>(Threads);
        int thread = Group.IdxX;
        long row = (long)Grid.IdxX * args.Stride;

        // A thread without columns takes the first one: it loses against nobody.
        int best = thread < args.Columns ? thread : 0;
        float value = args.X[row + best];
        for (int column = thread + Threads; column < args.Columns; column += Threads)
        {
            // Without a branch the lanes of a warp stay together for their next load.
            float candidate = args.X[row + column];
            best = candidate > value ? column : best;
            value = candidate > value ? candidate : value;
        }

        values[thread] = value;
        columns[thread] = best;
        Group.Barrier();
        for (int distance = Threads / 2; distance > 0; distance >>= 1)
        {
            if (thread < distance)
            {
                float other = values[thread + distance];
                int otherColumn = columns[thread + distance];
                if (other > values[thread] || (other == values[thread] && otherColumn < columns[thread]))
                {
                    values[thread] = other;
                    columns[thread] = otherColumn;
                }
            }

            Group.Barrier();
        }

        if (thread == 0)
        {
            args.Indices[Grid.IdxX] = columns[0];
        }
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<int> Indices;
        public int Stride;
        public int Rows;
        public int Columns;
    }
}
