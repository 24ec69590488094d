using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Device;

/// <summary>
/// The kernels that steps of vision transformers and GPT-2 use where widths and strides are multiples of four elements, as they are in
/// models of ordinary size: fine-tuning, router training, evaluation, generation. Of products all tiles are listed, because the tile
/// depends on the shape.
/// </summary>
internal static class StepKernels
{
    /// <summary>The kernels for a device.</summary>
    /// <param name="traits">What it can do.</param>
    /// <param name="precision">Of products.</param>
    /// <returns>In the order in which a step comes to them.</returns>
    public static IReadOnlyList<IDeviceKernel> Of(DeviceTraits traits, Precision precision)
    {
        IEnumerable<IDeviceKernel> kernels = traits.HasShuffles
            ? Of<ShuffleReduction, ShuffleLaneReduction>(precision)
            : Of<SharedReduction, SharedLaneReduction>(precision);
        return [.. kernels.Where(kernel => kernel.DynamicSharedBytes <= traits.MaxDynamicSharedBytes)];
    }

    private static IEnumerable<IDeviceKernel> Of<TReduction, TLaneReduction>(Precision precision)
        where TReduction : struct, IGroupReduction
        where TLaneReduction : struct, ILaneReduction =>
    [
        .. Storage<Float32Format, float>(),
        .. Storage<BFloat16Format, ushort>(),
        CopyKernel<Float32Format, float, BFloat16Format, ushort, VectorAccess>.Kernel,
        CopyKernel<BFloat16Format, ushort, Float32Format, float, VectorAccess>.Kernel,
        FillKernel<Float32Format, float, VectorAccess>.Kernel,
        .. KernelCatalogue.OfRows<TReduction, VectorAccess>(),
        .. Gemm<TLaneReduction>(precision),
        GemmSliceSumKernel.Kernel,
        .. TensorAttention(precision),
        .. KernelCatalogue.AttentionOf<TLaneReduction, AlignedRows, NarrowHead>(),
        .. KernelCatalogue.Plain().Except([GemmSliceSumKernel.Kernel]),

        // A head may have any number of labels, patches any width.
        CrossEntropyKernel<TReduction, ScalarAccess>.Kernel,
        SumRowsKernel<ScalarAccess>.Kernel,
        PatchesKernel<ScalarAccess>.Kernel,
    ];

    /// <summary>Merging and contracting experts that are stored so.</summary>
    private static IEnumerable<IDeviceKernel> Storage<TFormat, TElement>()
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
    [
        .. KernelCatalogue.OfFormats<TFormat, TElement, TFormat, TElement, VectorAccess>(),
        WeightedSumColumnsKernel<TFormat, TElement, TFormat, TElement>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> Gemm<TLaneReduction>(Precision precision)
        where TLaneReduction : struct, ILaneReduction => precision switch
        {
            Precision.BFloat16 =>
            [
                .. KernelCatalogue.BFloat16Gemm(), .. KernelCatalogue.GemmOfFewRows<TLaneReduction, OneRow, BFloat16Rounding>(),
            ],
            Precision.TensorFloat32 =>
            [
                .. KernelCatalogue.TensorFloat32Gemm(), .. KernelCatalogue.GemmOfFewRows<TLaneReduction, OneRow, TensorFloat32Rounding>(),
            ],
            _ =>
            [
                .. Gemm<GemmTile128x128>(),
                .. Gemm<GemmTile128x64>(),
                .. Gemm<GemmTile64x64>(),
                TiledGemmKernel<GemmTile64x64, DepthScalarLoader<Float32Format, float>, RowVectorLoader<Float32Format, float>>.Kernel,
                TiledGemmKernel<GemmTile64x64, RowScalarLoader<Float32Format, float>, RowVectorLoader<Float32Format, float>>.Kernel,
                .. KernelCatalogue.GemmOfFewRows<TLaneReduction, OneRow, NoRounding>(),
                .. KernelCatalogue.GemmOfFewRows<TLaneReduction, FourRows, NoRounding>(),
            ],
        };

    private static IEnumerable<IDeviceKernel> TensorAttention(Precision precision) => precision switch
    {
        Precision.BFloat16 => KernelCatalogue.TensorAttentionOf<BFloat16Attention, AlignedRows>(),
        Precision.TensorFloat32 => KernelCatalogue.TensorAttentionOf<TensorFloat32Attention, AlignedRows>(),
        _ => [],
    };

    private static IEnumerable<IDeviceKernel> Gemm<TTile>()
        where TTile : struct, IGemmTile<TTile> =>
    [
        TiledGemmKernel<TTile, DepthVectorLoader<Float32Format, float>, DepthVectorLoader<Float32Format, float>>.Kernel,
        TiledGemmKernel<TTile, DepthVectorLoader<Float32Format, float>, RowVectorLoader<Float32Format, float>>.Kernel,
        TiledGemmKernel<TTile, RowVectorLoader<Float32Format, float>, RowVectorLoader<Float32Format, float>>.Kernel,
        TiledGemmKernel<TTile, DepthVectorLoader<Float32Format, float>, DepthVectorLoader<BFloat16Format, ushort>>.Kernel,
        TiledGemmKernel<TTile, DepthVectorLoader<Float32Format, float>, RowVectorLoader<BFloat16Format, ushort>>.Kernel,
    ];
}
