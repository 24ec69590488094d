using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Device;

/// <summary>All kernels, as a CUDA device runs them: of the twins of a reduction, those that exchange registers. A test asserts that
/// none is missing.</summary>
internal static class KernelCatalogue
{
    /// <summary>Kernels sorted by name.</summary>
    public static IReadOnlyList<IDeviceKernel> All { get; } =
    [
        .. new Func<IEnumerable<IDeviceKernel>>[] { Plain, OfRows, OfOneFormat, OfTwoFormats, Attention, Gemm, GemmOfFewRows }
            .SelectMany(static kernels => kernels())
            .OrderBy(static kernel => kernel.Name, StringComparer.Ordinal),
    ];

    /// <summary>The kernel of this name, if there is one.</summary>
    public static IDeviceKernel? Find(string name) => All.FirstOrDefault(kernel => kernel.Name == name);

    private static IEnumerable<IDeviceKernel> Plain() =>
    [
        ActivateKernel.Kernel,
        ActivateBackwardKernel.Kernel,
        AdamWKernel.Kernel,
        ArgMaxKernel.Kernel,
        AxpyKernel.Kernel,
        BatchSumKernel.Kernel,
        ColumnSumKernel.Kernel,
        GemmSliceSumKernel.Kernel,
        ScatterAddRowsKernel.Kernel,
        SegmentSumKernel.Kernel,
        SquaredErrorKernel.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> OfRows() => [.. OfRows<ScalarAccess>(), .. OfRows<VectorAccess>()];

    private static IEnumerable<IDeviceKernel> OfRows<TAccess>()
        where TAccess : struct, IElementAccess =>
    [
        AssembleTokensKernel<TAccess>.Kernel,
        CrossEntropyKernel<ShuffleReduction, TAccess>.Kernel,
        EmbedTokensKernel<Float32Format, float, TAccess>.Kernel,
        EmbedTokensKernel<BFloat16Format, ushort, TAccess>.Kernel,
        GatherRowsKernel<TAccess>.Kernel,
        LayerNormKernel<ShuffleReduction, TAccess>.Kernel,
        LayerNormBackwardKernel<ShuffleReduction, TAccess>.Kernel,
        LayerNormParameterGradientKernel<TAccess>.Kernel,
        NormalizeRowsKernel<ShuffleReduction, TAccess>.Kernel,
        NormalizeRowsBackwardKernel<ShuffleReduction, TAccess>.Kernel,
        PatchesKernel<TAccess>.Kernel,
        PatchTokensKernel<TAccess>.Kernel,
        SumRowsKernel<TAccess>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> OfOneFormat() =>
    [
        FillKernel<Float32Format, float, ScalarAccess>.Kernel,
        FillKernel<Float32Format, float, VectorAccess>.Kernel,
        FillKernel<BFloat16Format, ushort, ScalarAccess>.Kernel,
        FillKernel<BFloat16Format, ushort, VectorAccess>.Kernel,
        FillKernel<Float16Format, ushort, ScalarAccess>.Kernel,
        FillKernel<Float16Format, ushort, VectorAccess>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> OfTwoFormats() =>
    [
        .. From<Float32Format, float>(),
        .. From<BFloat16Format, ushort>(),
        .. From<Float16Format, ushort>(),
    ];

    private static IEnumerable<IDeviceKernel> From<TFirst, TFirstElement>()
        where TFirst : struct, IStorageFormat<TFirstElement>
        where TFirstElement : unmanaged =>
    [
        .. OfFormats<TFirst, TFirstElement, Float32Format, float>(),
        .. OfFormats<TFirst, TFirstElement, BFloat16Format, ushort>(),
        .. OfFormats<TFirst, TFirstElement, Float16Format, ushort>(),
    ];

    private static IEnumerable<IDeviceKernel> OfFormats<TFirst, TFirstElement, TSecond, TSecondElement>()
        where TFirst : struct, IStorageFormat<TFirstElement>
        where TFirstElement : unmanaged
        where TSecond : struct, IStorageFormat<TSecondElement>
        where TSecondElement : unmanaged =>
    [
        WeightedSumColumnsKernel<TFirst, TFirstElement, TSecond, TSecondElement>.Kernel,
        .. OfFormats<TFirst, TFirstElement, TSecond, TSecondElement, ScalarAccess>(),
        .. OfFormats<TFirst, TFirstElement, TSecond, TSecondElement, VectorAccess>(),
    ];

    private static IEnumerable<IDeviceKernel> OfFormats<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>()
        where TFirst : struct, IStorageFormat<TFirstElement>
        where TFirstElement : unmanaged
        where TSecond : struct, IStorageFormat<TSecondElement>
        where TSecondElement : unmanaged
        where TAccess : struct, IElementAccess =>
    [
        CopyKernel<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>.Kernel,
        MultiDotKernel<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>.Kernel,
        MultiDotColumnsKernel<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>.Kernel,
        WeightedSumKernel<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> Attention() =>
    [
        .. AttentionOf<AlignedRows, NarrowHead>(),
        .. AttentionOf<AlignedRows, WideHead>(),
        .. AttentionOf<UnalignedRows, NarrowHead>(),
        .. AttentionOf<UnalignedRows, WideHead>(),
        .. TensorAttentionOf<BFloat16Attention, AlignedRows>(),
        .. TensorAttentionOf<BFloat16Attention, UnalignedRows>(),
        .. TensorAttentionOf<TensorFloat32Attention, AlignedRows>(),
        .. TensorAttentionOf<TensorFloat32Attention, UnalignedRows>(),
    ];

    private static IEnumerable<IDeviceKernel> TensorAttentionOf<TFormat, TAccess>()
        where TFormat : struct, IAttentionFormat
        where TAccess : struct, IRowAccess =>
    [
        TensorAttentionForwardKernel<TFormat, TAccess>.Kernel,
        TensorAttentionQueryGradientKernel<TFormat, TAccess>.Kernel,
        TensorAttentionKeyGradientKernel<TFormat, TAccess>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> AttentionOf<TAccess, TWidth>()
        where TAccess : struct, IRowAccess
        where TWidth : struct, IHeadWidth =>
    [
        AttentionForwardKernel<ShuffleLaneReduction, TAccess, TWidth>.Kernel,
        AttentionSingleQueryKernel<ShuffleLaneReduction, TAccess, TWidth>.Kernel,
        AttentionQueryGradientKernel<ShuffleLaneReduction, TAccess, TWidth>.Kernel,
        AttentionKeyGradientKernel<TAccess, TWidth>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> Gemm() =>
    [
        .. GemmOf<GemmTile128x128>(),
        .. GemmOf<GemmTile128x64>(),
        .. GemmOf<GemmTile64x64>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile128x128>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile128x64>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile64x64>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile128x128>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile128x64>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile64x64>(),
    ];

    private static IEnumerable<IDeviceKernel> GemmOfFewRows() =>
    [
        .. GemmOfFewRows<OneRow, NoRounding>(),
        .. GemmOfFewRows<OneRow, BFloat16Rounding>(),
        .. GemmOfFewRows<OneRow, TensorFloat32Rounding>(),
        .. GemmOfFewRows<FourRows, NoRounding>(),
    ];

    private static IEnumerable<IDeviceKernel> GemmOfFewRows<TRows, TRounding>()
        where TRows : struct, IRowCount
        where TRounding : struct, IOperandRounding =>
    [
        FewRowsColumnsKernel<TRows, Float32Format, float, TRounding>.Kernel,
        FewRowsColumnsKernel<TRows, BFloat16Format, ushort, TRounding>.Kernel,
        FewRowsDepthKernel<TRows, ShuffleLaneReduction, Float32Format, float, TRounding>.Kernel,
        FewRowsDepthKernel<TRows, ShuffleLaneReduction, BFloat16Format, ushort, TRounding>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> TensorGemmOf<TFormat, TTile>()
        where TFormat : struct, ITensorFormat
        where TTile : struct, ITensorTile<TFormat> =>
    [
        TensorGemmKernel<TFormat, TTile, DepthTensorLayout, DepthTensorLayout>.Kernel,
        TensorGemmKernel<TFormat, TTile, DepthTensorLayout, RowTensorLayout>.Kernel,
        TensorGemmKernel<TFormat, TTile, RowTensorLayout, DepthTensorLayout>.Kernel,
        TensorGemmKernel<TFormat, TTile, RowTensorLayout, RowTensorLayout>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> GemmOf<TTile>()
        where TTile : struct, IGemmTile<TTile> =>
    [
        .. GemmOf<TTile, DepthScalarLoader<Float32Format, float>>(),
        .. GemmOf<TTile, DepthVectorLoader<Float32Format, float>>(),
        .. GemmOf<TTile, RowScalarLoader<Float32Format, float>>(),
        .. GemmOf<TTile, RowVectorLoader<Float32Format, float>>(),
    ];

    private static IEnumerable<IDeviceKernel> GemmOf<TTile, TA>()
        where TTile : struct, IGemmTile<TTile>
        where TA : struct, IGemmLoader =>
    [
        .. GemmOf<TTile, TA, Float32Format, float>(),
        .. GemmOf<TTile, TA, BFloat16Format, ushort>(),
    ];

    private static IEnumerable<IDeviceKernel> GemmOf<TTile, TA, TFormat, TElement>()
        where TTile : struct, IGemmTile<TTile>
        where TA : struct, IGemmLoader
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged =>
    [
        TiledGemmKernel<TTile, TA, DepthScalarLoader<TFormat, TElement>>.Kernel,
        TiledGemmKernel<TTile, TA, DepthVectorLoader<TFormat, TElement>>.Kernel,
        TiledGemmKernel<TTile, TA, RowScalarLoader<TFormat, TElement>>.Kernel,
        TiledGemmKernel<TTile, TA, RowVectorLoader<TFormat, TElement>>.Kernel,
    ];
}
