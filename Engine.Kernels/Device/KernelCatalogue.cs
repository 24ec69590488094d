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

    /// <summary>Kernels without variants.</summary>
    internal static IEnumerable<IDeviceKernel> Plain() =>
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

    private static IEnumerable<IDeviceKernel> OfRows() =>
        [.. OfRows<ShuffleReduction, ScalarAccess>(), .. OfRows<ShuffleReduction, VectorAccess>()];

    /// <summary>Kernels that take rows one by one.</summary>
    internal static IEnumerable<IDeviceKernel> OfRows<TReduction, TAccess>()
        where TReduction : struct, IGroupReduction
        where TAccess : struct, IElementAccess =>
    [
        AssembleTokensKernel<TAccess>.Kernel,
        CrossEntropyKernel<TReduction, TAccess>.Kernel,
        EmbedTokensKernel<Float32Format, float, TAccess>.Kernel,
        EmbedTokensKernel<BFloat16Format, ushort, TAccess>.Kernel,
        GatherRowsKernel<TAccess>.Kernel,
        LayerNormKernel<TReduction, TAccess>.Kernel,
        LayerNormBackwardKernel<TReduction, TAccess>.Kernel,
        LayerNormParameterGradientKernel<TAccess>.Kernel,
        NormalizeRowsKernel<TReduction, TAccess>.Kernel,
        NormalizeRowsBackwardKernel<TReduction, TAccess>.Kernel,
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

    /// <summary>Kernels that read one format and write another, or read two.</summary>
    internal static IEnumerable<IDeviceKernel> OfFormats<TFirst, TFirstElement, TSecond, TSecondElement, TAccess>()
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
        .. AttentionOf<ShuffleLaneReduction, AlignedRows, NarrowHead>(),
        .. AttentionOf<ShuffleLaneReduction, AlignedRows, WideHead>(),
        .. AttentionOf<ShuffleLaneReduction, UnalignedRows, NarrowHead>(),
        .. AttentionOf<ShuffleLaneReduction, UnalignedRows, WideHead>(),
        .. TensorAttentionOf<BFloat16Attention, AlignedRows>(),
        .. TensorAttentionOf<BFloat16Attention, UnalignedRows>(),
        .. TensorAttentionOf<TensorFloat32Attention, AlignedRows>(),
        .. TensorAttentionOf<TensorFloat32Attention, UnalignedRows>(),
    ];

    /// <summary>Attention on tensor cores, forward and backward.</summary>
    internal static IEnumerable<IDeviceKernel> TensorAttentionOf<TFormat, TAccess>()
        where TFormat : struct, IAttentionFormat
        where TAccess : struct, IRowAccess =>
    [
        TensorAttentionForwardKernel<TFormat, TAccess>.Kernel,
        TensorAttentionQueryGradientKernel<TFormat, TAccess>.Kernel,
        TensorAttentionKeyGradientKernel<TFormat, TAccess>.Kernel,
    ];

    /// <summary>Attention, forward and backward.</summary>
    internal static IEnumerable<IDeviceKernel> AttentionOf<TLaneReduction, TAccess, TWidth>()
        where TLaneReduction : struct, ILaneReduction
        where TAccess : struct, IRowAccess
        where TWidth : struct, IHeadWidth =>
    [
        AttentionForwardKernel<TLaneReduction, TAccess, TWidth>.Kernel,
        AttentionSingleQueryKernel<TLaneReduction, TAccess, TWidth>.Kernel,
        AttentionQueryGradientKernel<TLaneReduction, TAccess, TWidth>.Kernel,
        AttentionKeyGradientKernel<TAccess, TWidth>.Kernel,
    ];

    private static IEnumerable<IDeviceKernel> Gemm() =>
    [
        .. GemmOf<GemmTile128x128>(),
        .. GemmOf<GemmTile128x64>(),
        .. GemmOf<GemmTile64x64>(),
        .. BFloat16Gemm(),
        .. TensorFloat32Gemm(),
    ];

    /// <summary>Products in BF16 on tensor cores: all tiles.</summary>
    internal static IEnumerable<IDeviceKernel> BFloat16Gemm() =>
    [
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile128x256>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile128x128>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile128x64>(),
        .. TensorGemmOf<BFloat16Tensor, BFloat16Tile64x64>(),
    ];

    /// <summary>Products in TF32 on tensor cores: all tiles.</summary>
    internal static IEnumerable<IDeviceKernel> TensorFloat32Gemm() =>
    [
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile128x256>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile128x128>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile128x64>(),
        .. TensorGemmOf<TensorFloat32Tensor, TensorFloat32Tile64x64>(),
    ];

    private static IEnumerable<IDeviceKernel> GemmOfFewRows() =>
    [
        .. GemmOfFewRows<ShuffleLaneReduction, OneRow, NoRounding>(),
        .. GemmOfFewRows<ShuffleLaneReduction, OneRow, BFloat16Rounding>(),
        .. GemmOfFewRows<ShuffleLaneReduction, OneRow, TensorFloat32Rounding>(),
        .. GemmOfFewRows<ShuffleLaneReduction, FourRows, NoRounding>(),
    ];

    /// <summary>Products with so few rows, weights in F32 and BF16.</summary>
    internal static IEnumerable<IDeviceKernel> GemmOfFewRows<TLaneReduction, TRows, TRounding>()
        where TLaneReduction : struct, ILaneReduction
        where TRows : struct, IRowCount
        where TRounding : struct, IOperandRounding =>
    [
        FewRowsColumnsKernel<TRows, Float32Format, float, TRounding>.Kernel,
        FewRowsColumnsKernel<TRows, BFloat16Format, ushort, TRounding>.Kernel,
        FewRowsDepthKernel<TRows, TLaneReduction, Float32Format, float, TRounding>.Kernel,
        FewRowsDepthKernel<TRows, TLaneReduction, BFloat16Format, ushort, TRounding>.Kernel,
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
