using System;

namespace Engine.Kernels.Device;

/// <summary>
/// How a product is cut: into tiles of C, and k into slices whose sums are added by a second kernel. Tiles run in waves of one per
/// multiprocessor; a last wave that is nearly empty, or a first one that is not full, costs as much as a full one. The plan is the one
/// with the
/// shortest estimated time, counted in multiplications of one multiprocessor. It depends on shape and device only, so that results
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
    private const int TensorSliceGranularity = 32;

    // About a microsecond of 128 multiplications per clock: the first loads of a wave and its last stores, which nothing overlaps.
    private const double WaveOverhead = 250_000;

    // The second kernel: three microseconds for its launch, and for each float that goes through the second-level cache half of what
    // one from memory costs an H100 (67 TFLOP/s, 3.35 TB/s: 40 multiplications).
    private const double SecondKernelOverhead = 650_000;
    private const double FloatCost = 20;

    /// <summary>The plan for [m, k] times [k, n].</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the inner products.</param>
    /// <param name="multiprocessors">Of the device.</param>
    /// <param name="precision">What operands are rounded to.</param>
    public static GemmPlan Choose(int m, int n, int k, int multiprocessors, Precision precision = Precision.Float32)
    {
        int granularity = precision == Precision.Float32 ? SliceGranularity : TensorSliceGranularity;
        GemmPlan best = default;
        double bestCost = double.PositiveInfinity;
        for (GemmTileShape tile = GemmTileShape.Rows128Columns128; tile <= GemmTileShape.Rows64Columns64; tile++)
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
        (int rows, int columns, double efficiency) = Properties(Tile, Precision);
        double groups = (double)CeilingOf(m, rows) * CeilingOf(n, columns) * Slices;
        double waves = Math.Ceiling(groups / multiprocessors);
        double cost = waves * (((double)rows * columns * SliceDepth / efficiency) + WaveOverhead);

        // The second kernel's floats: slices are written and read once, then C is written.
        return Slices == 1 ? cost : cost + SecondKernelOverhead + ((double)m * n * ((2 * Slices) + 1) * FloatCost / multiprocessors);
    }

    /// <summary>Rows, columns, and how many times faster than the peak of float32 the tile can be. Estimates: with 8 x 8 sums per thread,
    /// shared memory is busy half of the time, with 8 x 4 three quarters, with 4 x 4 always. Tensor cores multiply eight times as fast in
    /// BF16 as mma.sync uses them, four times in TF32; shared memory is busy three quarters of that time for warps of 64 x 32, more than
    /// always for those of 32 x 32.</summary>
    private static (int Rows, int Columns, double Efficiency) Properties(GemmTileShape tile, Precision precision) => (precision, tile) switch
    {
        (Precision.Float32, GemmTileShape.Rows128Columns128) => (128, 128, 1),
        (Precision.Float32, GemmTileShape.Rows128Columns64) => (128, 64, 0.9),
        (Precision.Float32, _) => (64, 64, 0.7),
        (Precision.BFloat16, GemmTileShape.Rows128Columns128) => (128, 128, 8),
        (Precision.BFloat16, GemmTileShape.Rows128Columns64) => (128, 64, 5.6),
        (Precision.BFloat16, _) => (64, 64, 4.8),
        (_, GemmTileShape.Rows128Columns128) => (128, 128, 4),
        (_, GemmTileShape.Rows128Columns64) => (128, 64, 2.8),
        _ => (64, 64, 2.4),
    };

    private static int CeilingOf(int length, int part) => part == 0 ? 0 : (int)(((long)length + part - 1) / part);

    private static int RoundUp(int value, int multiple) => CeilingOf(value, multiple) * multiple;
}
