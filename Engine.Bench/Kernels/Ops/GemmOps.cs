using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>Products, from the formula to what the engine does.</summary>
internal static class GemmOps
{
    private const int Slices = 4;
    private const int SliceGranularity = 16;

    // Products are exact, but tensor cores cut sums off where float32 arithmetic rounds them.
    private const double TensorTolerance = 5e-5;

    public static IReadOnlyList<KernelOp> All { get; } =
    [
        new("gemm", "C = A B, [m, k] times [k, n]", Variants) { IsProduct = true },
        new("gemm_rows", "C = A B or A B^T for one to four rows, as in generation", RowVariants),
    ];

    private static KernelVariant[] Variants(KernelSizes sizes)
    {
        GemmVariant product = new() { M = sizes.M ?? 256 * sizes.Scale, N = sizes.N ?? 256 * sizes.Scale, K = sizes.K ?? 64 * sizes.Scale };
        return
        [
            new(
                "naive",
                "one thread per element",
                Launching(product, static (device, args) => NaiveGemmKernel.Launch(device.Launcher, device.KernelArgs(args)))),
            new(
                "shared tiles",
                "16 x 16 tiles in shared memory, one thread per element",
                Launching(product, static (device, args) => SharedTileGemmKernel.Launch(device.Launcher, device.KernelArgs(args)))),
            new("64x64", "register tiles, 4 x 4 elements per thread", Tiled(product, GemmTileShape.Rows64Columns64)),
            new("128x64", "register tiles, 8 x 4 elements per thread", Tiled(product, GemmTileShape.Rows128Columns64)),
            new("128x128", "register tiles, 8 x 8 elements per thread", Tiled(product, GemmTileShape.Rows128Columns128)),
            new(
                "128x128 unaligned",
                "the same, 4 bytes per load",
                Tiled(product with { Unaligned = true }, GemmTileShape.Rows128Columns128)),
            new(
                "128x128 bf16",
                "the same, B stored in BF16 and widened",
                Tiled(product with { StoredB = DType.BF16 }, GemmTileShape.Rows128Columns128)),
            new("64x64 slices", "k in 4 slices, summed by a second kernel", Tiled(product, GemmTileShape.Rows64Columns64, Slices)),
            .. OnTensorCores(product with { StoredB = DType.BF16 }, "bf16", Precision.BFloat16),
            .. OnTensorCores(product, "tf32", Precision.TensorFloat32),
            new("planned", "what the engine takes on this device", product.ToCase()),
        ];
    }

    private static KernelVariant[] RowVariants(KernelSizes sizes)
    {
        GemmVariant row = new() { M = 1, N = 512 * sizes.Scale, K = 512 * sizes.Scale };
        GemmVariant transposed = row with { TransposeB = true };
        return
        [
            new(
                "tiles",
                "register tiles, k in as many slices as fit the device",
                Launching(row, static (device, args) =>
                    device.Gemm(args, GemmPlan.Choose(args.M, args.N, args.K, device.Traits.Multiprocessors)))),
            Rows("one row", "columns of B side by side, four per thread", row),
            Rows("one row bf16", "the same, B stored in BF16", row with { StoredB = DType.BF16 }),
            Rows("one row nt", "k of B side by side, sixteen lanes per column", transposed),
            Rows("one row nt bf16", "the same, B stored in BF16", transposed with { StoredB = DType.BF16 }),
            Rows("one row nt to bf16", "operands rounded to BF16 in registers", transposed, Precision.BFloat16),
            Rows("one row nt to tf32", "operands rounded to TF32 in registers", transposed, Precision.TensorFloat32),
            Rows("four rows", "columns of B side by side, B read once for all rows", row with { M = 4 }),
            Rows("four rows nt", "k of B side by side, B read once for all rows", transposed with { M = 4 }),
        ];
    }

    private static KernelVariant Rows(string name, string description, GemmVariant product, Precision precision = Precision.Float32) =>
        new(name, description, Launching(product, (device, args) => device.Gemm(
            args,
            GemmPlan.ForFewRows(args.N, args.K, args.B.DType, !args.TransposeB, device.Traits.Multiprocessors, precision))))
        {
            Precision = precision,
        };

    private static KernelVariant[] OnTensorCores(GemmVariant product, string format, Precision precision) =>
    [
        OnTensorCores($"tensor {format} 64x64", "tensor cores, 4 warps of 32 x 32", product, GemmTileShape.Rows64Columns64, precision),
        OnTensorCores($"tensor {format} 128x64", "tensor cores, 8 warps of 32 x 32", product, GemmTileShape.Rows128Columns64, precision),
        OnTensorCores($"tensor {format} 128x128", "tensor cores, 4 warps of 64 x 64", product, GemmTileShape.Rows128Columns128, precision),
        OnTensorCores($"tensor {format} 128x256", "tensor cores, 8 warps of 64 x 64", product, GemmTileShape.Rows128Columns256, precision)
            with { RunsOn = static traits => traits.MaxDynamicSharedBytes >= TensorGemm.LargeTileSharedBytes },
    ];

    private static KernelVariant OnTensorCores(
        string name, string description, GemmVariant product, GemmTileShape tile, Precision precision) =>
        new(name, description, Launching(product, (device, args) => device.Gemm(args, new GemmPlan(tile, 1, args.K, precision))))
        {
            RunsOn = static traits => traits.HasTensorCores,
            Precision = precision,
            Tolerance = TensorTolerance,
        };

    private static OpCase Tiled(GemmVariant product, GemmTileShape tile, int slices = 1)
    {
        int depth = slices == 1 ? product.K : Math.Max(1, product.K / slices / SliceGranularity) * SliceGranularity;
        GemmPlan plan = new(tile, (product.K + depth - 1) / depth, depth);
        return Launching(product, (device, args) => device.Gemm(args, plan));
    }

    private static OpCase Launching(GemmVariant product, Action<DeviceBackend, GemmArgs> launch)
    {
        OpCase opCase = product.ToCase();
        return opCase with { Call = DeviceCall.Of((device, t) => launch(device, opCase.Product!(t)), opCase.Call) };
    }
}
