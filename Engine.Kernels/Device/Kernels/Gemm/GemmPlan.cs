using System;

namespace Engine.Kernels.Device;

/// <summary>
/// How a product is cut: into tiles of C, and k into slices whose sums are added by a second kernel. Tiles run in waves of one per
/// multiprocessor; a last wave that is nearly empty, or a first one that is not full, costs as much as a full one. The plan is the one
/// with the shortest estimated time, counted in multiplications of one multiprocessor. It depends on shape and device only, so that results
/// are equal to the bit from run to run.
/// </summary>
/// <param name="Tile">Tile of C.</param>
/// <param name="Slices">Parts of k.</param>
/// <param name="SliceDepth">k of every slice but the last, which has the rest.</param>
/// <param name="Precision">What operands are rounded to: which kernels compute the product, and how fast.</param>
internal readonly record struct GemmPlan(
    GemmTileShape Tile, int Slices, int SliceDepth, Precision Precision = Precision.Float32)
{
    private const int MostSlices = 16;
    private const int LeastSliceDepth = 128;

    // Slices begin at multiples of it: whole steps of every tile, whole sectors of 32 bytes.
    private const int SliceGranularity = 16;
    private const int TensorSliceGranularity = 64;

    // About a microsecond of 128 multiplications per clock: the first loads of a wave and its last stores, which nothing overlaps.
    private const double WaveOverhead = 250_000;

    // The second kernel: three microseconds for its launch, and for each float that goes through the second-level cache half of what
    // one from memory costs an H100 (67 TFLOP/s, 3.35 TB/s: 40 multiplications).
    private const double SecondKernelOverhead = 650_000;
    private const double FloatCost = 20;

    // A product of few rows waits for memory. Clocks of one multiprocessor of an H100: its share of the memory's rate, and what a group
    // alone gets, 256 threads with four loads of 16 bytes each on their way for 700 clocks. Four groups hide each other's waiting.
    private const double MemoryBytesPerClock = 15;
    private const double GroupBytesPerClock = 23;
    private const double SecondKernelClocks = 5000;
    private const int GroupsPerMultiprocessor = 4;

    /// <summary>For <see cref="GemmTileShape.FewRows"/>: the columns of C that a group computes.</summary>
    public int Columns { get; init; }

    /// <summary>The plan for [m, k] times [k, n], m no more than <see cref="FewRowsLauncher.MostRows"/>: the most columns per group with
    /// which there are enough groups, and slices only if even the fewest leave multiprocessors so idle that a second kernel pays.</summary>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the inner products.</param>
    /// <param name="stored">The format of B.</param>
    /// <param name="hasColumnsInRows">True if B's columns are its fast index; groups then read at least a sector of 32 bytes.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="precision">What operands are rounded to.</param>
    public static GemmPlan ForFewRows(int n, int k, DType stored, bool hasColumnsInRows, int multiprocessors, Precision precision)
    {
        int elementBytes = stored.SizeInBytes();
        int columns = hasColumnsInRows ? 32 : 16;
        int leastColumns = hasColumnsInRows ? 32 / elementBytes : Float4.Width;
        while (columns > leastColumns && CeilingOf(n, columns) < (long)GroupsPerMultiprocessor * multiprocessors)
        {
            columns /= 2;
        }

        GemmPlan best = new(GemmTileShape.FewRows, 1, k, precision) { Columns = columns };
        double allClocks = (double)n * k * elementBytes / (MemoryBytesPerClock * multiprocessors);
        double groupClocks = (double)columns * k * elementBytes / GroupBytesPerClock;
        double bestClocks = Math.Max(allClocks, groupClocks);
        for (int parts = 2; parts <= MostSlices; parts++)
        {
            int depth = RoundUp(CeilingOf(k, parts), SliceGranularity);
            double clocks = Math.Max(allClocks, groupClocks / parts) + SecondKernelClocks;
            if (depth >= LeastSliceDepth && clocks < bestClocks)
            {
                best = best with { Slices = CeilingOf(k, depth), SliceDepth = depth };
                bestClocks = clocks;
            }
        }

        return best;
    }

    /// <summary>The plan for [m, k] times [k, n].</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the inner products.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="precision">What operands are rounded to.</param>
    /// <param name="dynamicSharedBytes">Shared memory that a launch can give to a group.</param>
    public static GemmPlan Choose(
        int m, int n, int k, int multiprocessors, Precision precision = Precision.Float32, int dynamicSharedBytes = 0)
    {
        bool hasLargeTile = precision != Precision.Float32 && dynamicSharedBytes >= TensorGemm.LargeTileSharedBytes;
        GemmTileShape largest = hasLargeTile ? GemmTileShape.Rows128Columns256 : GemmTileShape.Rows128Columns128;
        int granularity = precision == Precision.Float32 ? SliceGranularity : TensorSliceGranularity;
        GemmPlan best = default;
        double bestCost = double.PositiveInfinity;
        for (GemmTileShape tile = largest; tile <= GemmTileShape.Rows64Columns64; tile++)
        {
            for (int parts = 1; parts <= MostSlices; parts++)
            {
                int depth = RoundUp((k + parts - 1) / parts, granularity);
                GemmPlan plan = new(tile, Math.Max(1, CeilingOf(k, depth)), depth, precision);
                double cost = plan.Cost(m, n, multiprocessors);
                if ((parts == 1 || depth >= LeastSliceDepth) && cost < bestCost)
                {
                    best = plan;
                    bestCost = cost;
                }
            }
        }

        return best;
    }

    /// <summary>Estimated time, in float32 multiplications of one multiprocessor.</summary>
    public double Cost(int m, int n, int multiprocessors)
    {
        (int rows, int columns, double efficiency) = Properties(Tile, Precision != Precision.Float32);
        double groups = (double)CeilingOf(m, rows) * CeilingOf(n, columns) * Slices;
        double waves = Math.Ceiling(groups / multiprocessors);
        double cost = waves * (((double)rows * columns * SliceDepth / (efficiency * Speed(Precision))) + WaveOverhead);

        // The second kernel's floats: slices are written and read once, then C is written.
        return Slices == 1 ? cost : cost + SecondKernelOverhead + ((double)m * n * ((2 * Slices) + 1) * FloatCost / multiprocessors);
    }

    /// <summary>Rows, columns, and the part of the arithmetic peak that the tile can reach. Estimates: with 8 x 8 sums per thread, shared
    /// memory is busy half of the time, with 8 x 4 three quarters, with 4 x 4 always. On tensor cores tiles differ in wavefronts of shared
    /// memory per instruction, copies included (1.4, 1.5, 2.8, 3), and in bytes from the second-level cache, which are per
    /// multiplication as many as for 128 x 256, 4/3, 2 and 8/3 times.</summary>
    private static (int Rows, int Columns, double Efficiency) Properties(GemmTileShape tile, bool onTensorCores) => tile switch
    {
        GemmTileShape.Rows128Columns256 => (128, 256, 1),
        GemmTileShape.Rows128Columns128 => (128, 128, onTensorCores ? 0.85 : 1),
        GemmTileShape.Rows128Columns64 => (128, 64, onTensorCores ? 0.6 : 0.9),
        _ => (64, 64, onTensorCores ? 0.5 : 0.7),
    };

    /// <summary>How many times faster than float32 tensor cores multiply as mma.sync uses them: an estimate.</summary>
    private static double Speed(Precision precision) => precision switch
    {
        Precision.Float32 => 1,
        Precision.TensorFloat32 => 4,
        _ => 8,
    };

    private static int CeilingOf(int length, int part) => part == 0 ? 0 : (int)(((long)length + part - 1) / part);

    private static int RoundUp(int value, int multiple) => CeilingOf(value, multiple) * multiple;
}
