using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Products on tensor cores, their PTX run by the interpreter: right against operands rounded the same way, without a finding
/// however warps are scheduled, and without a bank conflict.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedTensorGemmTests
{
    private static readonly (bool A, bool B)[] Transposes = [(false, false), (false, true), (true, false), (true, true)];

    private static readonly Precision[] Precisions = [Precision.BFloat16, Precision.TensorFloat32];

    public static IEnumerable<TheoryDataRow<Precision, int, int, int, string>> Sizes =>
        from precision in Precisions
        from size in new (int M, int N, int K, string Tile)[]
        {
            (256, 128, 96, "128x128"), (128, 64, 64, "128x64"), (64, 64, 32, "64x64"),
            (125, 123, 71, "128x128"), (121, 61, 37, "128x64"), (59, 33, 17, "64x64"),
            (128, 256, 128, "128x256"), (117, 243, 203, "128x256"),
        }
        select new TheoryDataRow<Precision, int, int, int, string>(precision, size.M, size.N, size.K, size.Tile);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gemm_EveryTileAndTranspose_IsRightWithoutFindingOrBankConflict(Precision precision, int m, int n, int k, string tile)
    {
        using InterpretedCudaFixture first = Device(precision, 1);
        using InterpretedCudaFixture second = Device(precision, 2, architecture: CudaArchitecture.SM_90);
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            GemmVariant variant = new() { M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB };
            AccessCounters counters = Run(transposeA ? first : second, variant, precision, tile).Counters;
            Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);
        }
    }

    [Theory]
    [InlineData(Precision.BFloat16, null, 123, "128x128")]
    [InlineData(Precision.BFloat16, 3, 123, "128x128")]
    [InlineData(Precision.BFloat16, 4, 123, "128x128")]
    [InlineData(Precision.BFloat16, 3, 243, "128x256")]
    [InlineData(Precision.TensorFloat32, null, 123, "128x128")]
    [InlineData(Precision.TensorFloat32, 3, 123, "128x128")]
    [InlineData(Precision.TensorFloat32, 4, 123, "128x128")]
    [InlineData(Precision.TensorFloat32, 4, 243, "128x256")]
    public void Gemm_AnyScheduleAndWholeEpilogue_IsRightWithoutFinding(Precision precision, int? seed, int n, string tile)
    {
        using InterpretedCudaFixture device = Device(precision, seed);
        GemmVariant variant = new()
        {
            M = 125,
            N = n,
            K = 75,
            TransposeB = seed == 3,
            Accumulate = true,
            Bias = true,
            Activation = Activation.GeluTanh,
            KeepPreActivation = true,
            ActivationGradient = Activation.QuickGelu,
            Residual = GemmResidual.Separate,
            Gap = 3,
            Unaligned = seed == 4,
        };
        Run(device, variant, precision, tile);
    }

    [Theory]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Gemm_DepthInSlices_IsRightAndEqualToTheBit(Precision precision)
    {
        using InterpretedCudaFixture device = Device(precision, 6, multiprocessors: 132);
        GemmVariant variant = new()
        {
            M = 30,
            N = 41,
            K = 1500,
            TransposeB = true,
            Accumulate = true,
            Bias = true,
            Activation = Activation.GeluErf,
            KeepPreActivation = true,
            Residual = GemmResidual.InPlace,
            Gap = 2,
        };
        Assert.True(GemmPlan.Choose(variant.M, variant.N, variant.K, 132, precision).Slices > 1);
        Run(device, variant, precision, "64x64");
        Assert.Equal("gemm_slice_sum", device.Launcher.Reports[^1].Kernel);
        Assert.Null(OpCaseComparison.FindBitDifference(variant.ToCase(), device.Backend, device.Backend));
    }

    [Theory]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Gemm_LargeTileInSlices_IsRightWithoutFinding(Precision precision)
    {
        using InterpretedCudaFixture device = Device(precision, 9, architecture: CudaArchitecture.SM_90);
        GemmVariant variant = new() { M = 60, N = 250, K = 141, TransposeB = true, Bias = true, Residual = GemmResidual.Separate };
        OpCase product = variant.ToCase();
        GemmPlan plan = new(GemmTileShape.Rows128Columns256, 3, 64, precision);
        OpCase sliced = product with { Call = DeviceCall.Of((device, t) => device.Gemm(product.Product!(t), plan), product.Call) };
        CaseResult result = OpCaseComparison.WithReference(sliced, device.Backend);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(device.Launcher.Findings());
        Assert.Contains(device.Launcher.Reports, static launch => launch.Kernel.Contains("128x256", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Precision.BFloat16, 0)]
    [InlineData(Precision.BFloat16, 4)]
    [InlineData(Precision.TensorFloat32, 0)]
    [InlineData(Precision.TensorFloat32, 4)]
    public void Gemm_SizeZero_LeavesEpilogueOfZero(Precision precision, int m)
    {
        using InterpretedCudaFixture device = Device(precision, 7);
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            GemmVariant variant = new() { M = m, N = 9, K = 4 - m, TransposeA = transposeA, TransposeB = transposeB, Bias = true };
            CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
            Assert.True(result.Passed, result.ToString());
            Assert.Empty(device.Launcher.Findings());
        }
    }

    [Theory]
    [InlineData(Precision.BFloat16, null, false, 2)]
    [InlineData(Precision.BFloat16, DType.BF16, false, 1)]
    [InlineData(Precision.BFloat16, DType.BF16, true, 2)]
    [InlineData(Precision.TensorFloat32, null, false, 0)]
    [InlineData(Precision.TensorFloat32, null, true, 2)]
    [InlineData(Precision.TensorFloat32, DType.BF16, false, 1)]
    public void Gemm_OperandsAsTensorCoresReadThem_AreNotCopied(Precision precision, DType? stored, bool unaligned, int copies)
    {
        using InterpretedCudaFixture device = Device(precision, 8);
        Run(device, new() { M = 32, N = 64, K = 48, StoredB = stored, Unaligned = unaligned }, precision, "64x64");
        Assert.Equal(copies, device.Launcher.Reports.Count(static launch => launch.Kernel.StartsWith("copy_", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Precision.BFloat16, GemmTileShape.Rows128Columns256)]
    [InlineData(Precision.BFloat16, GemmTileShape.Rows128Columns128)]
    [InlineData(Precision.BFloat16, GemmTileShape.Rows64Columns64)]
    [InlineData(Precision.TensorFloat32, GemmTileShape.Rows128Columns256)]
    [InlineData(Precision.TensorFloat32, GemmTileShape.Rows128Columns128)]
    [InlineData(Precision.TensorFloat32, GemmTileShape.Rows64Columns64)]
    public void Kernel_AlignedMemory_TouchesWholeSectorsOnly(Precision precision, object tile)
    {
        const int Size = 128;
        int columns = (GemmTileShape)tile == GemmTileShape.Rows128Columns256 ? 256 : 128;
        using Context context = DeviceContext.Create(static builder => builder.CPU());
        using Accelerator memory = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
        using MemoryBuffer1D<byte, Stride1D.Dense> bytes = memory.Allocate1D<byte>(5 * Size * columns * sizeof(float));
        bytes.MemSetToZero();
        int next = (int)(-bytes.View.BaseView.LoadEffectiveAddressAsPtr() & 127);
        ArrayView<byte> Matrix()
        {
            int length = Size * columns * sizeof(float);
            next += length;
            return bytes.View.BaseView.SubView(next - length, length);
        }

        GemmOperand Operand(bool hasDepthAsRows, int rows) => new()
        {
            Bytes = Matrix(),
            RowStep = hasDepthAsRows ? 1 : Size,
            DepthStep = hasDepthAsRows ? rows : 1,
            Rows = rows,
        };
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            next = (int)(-bytes.View.BaseView.LoadEffectiveAddressAsPtr() & 127);
            using InterpretedLauncher launcher = new(CudaArchitecture.SM_80, new LaunchOptions());
            ArrayView<float> c = Matrix().Cast<float>();
            GemmKernelArgs args = new()
            {
                A = Operand(transposeA, Size),
                B = Operand(!transposeB, columns),
                Epilogue = new GemmEpilogue
                {
                    C = c,
                    Bias = c,
                    PreActivation = c,
                    GradientInput = c,
                    Residual = c,
                    CStride = columns,
                    Columns = columns,
                    IsAligned = 1,
                },
                Depth = Size,
                SliceDepth = Size,
            };
            TensorGemmLauncher.Launch(launcher, new GemmPlan((GemmTileShape)tile, 1, Size, precision), args);
            AccessCounters counters = Assert.Single(launcher.Reports).Report.Counters;
            Assert.Empty(launcher.Findings());

            // A is read once per column of tiles, B once per row of tiles, C is written.
            int tiles = (GemmTileShape)tile == GemmTileShape.Rows64Columns64 ? 2 : 1;
            int elementBytes = precision == Precision.BFloat16 ? 2 : 4;
            int operandBytes = tiles * (Size + columns) * Size * elementBytes;
            Assert.Equal((operandBytes + (Size * columns * sizeof(float))) / 32, counters.GlobalSectors);
            Assert.Equal(counters.GlobalIdealSectors, counters.GlobalSectors);
        }
    }

    private static InterpretedCudaFixture Device(
        Precision precision, int? seed, int multiprocessors = 1, CudaArchitecture? architecture = null) => new(
        architecture ?? CudaArchitecture.SM_80,
        new LaunchOptions { HostThreads = Environment.ProcessorCount, Seed = seed },
        precision,
        multiprocessors);

    private static LaunchReport Run(InterpretedCudaFixture device, GemmVariant variant, Precision precision, string tile)
    {
        device.Launcher.Reports.Clear();
        CaseResult result = OpCaseComparison.WithReference(variant.ToCase(), device.Backend);
        Assert.True(result.Passed, result.ToString());
        Assert.Empty(device.Launcher.Findings());
        string kernel = $"gemm_tensor_{(precision == Precision.BFloat16 ? "bf16" : "tf32")}_{tile}_";
        return Assert.Single(device.Launcher.Reports, launch => launch.Kernel.StartsWith(kernel, StringComparison.Ordinal)).Report;
    }
}
