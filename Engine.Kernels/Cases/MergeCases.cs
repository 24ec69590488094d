using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels.Cases;

/// <summary>Weighted sums of task vectors, and their gradients.</summary>
internal static class MergeCases
{
    private static readonly int[] Counts = [1, 2, 3, 5, 8, 9];

    private static readonly Shape[] Shapes = [new(1, 1), new(1, 37), new(29, 1), new(7, 16), new(5, 33), new(3, 1030)];

    private static readonly DType?[] Types = [null, DType.F32, DType.F16, DType.BF16];

    public static IEnumerable<OpCase> All() =>
    [
        .. Variants().Select(variant => variant.ToWeightedSum()),
        .. Variants().Select(variant => variant.ToMultiDot()),
        .. Large().SelectMany(variant => new[] { variant.ToWeightedSum(), variant.ToMultiDot() }),
    ];

    private static IEnumerable<RoutedVariant> Variants() =>
    [
        .. from count in Counts
           from channel in Enum.GetValues<RoutedChannel>()
           from shape in new Shape[] { new(5, 33), new(1, 37) }
           select new RoutedVariant { Shape = shape, Experts = Same(null, count), Channel = channel },
        .. from shape in Shapes
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant
           {
               Shape = shape, Experts = Same(DType.F32, 4), BaseType = DType.F32, Channel = channel, Unaligned = true,
           },
        .. from type in Types
           from count in Counts.Take(3)
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant { Shape = new(6, 19), Experts = Same(type, count), BaseType = DType.BF16, Channel = channel },
        .. from count in Counts
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant
           {
               Shape = new(9, 21), Experts = Mixed(count), BaseType = DType.F16, Channel = channel, Unaligned = true,
           },
        .. from count in Counts
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant { Shape = new(4, 35), Experts = Mixed(count), HasBase = false, Channel = channel },
        .. from count in Counts
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant { Shape = new(3, 47), Experts = Mixed(count), Channel = channel, Updates = true },
        .. from type in Types
           from count in Counts.TakeLast(3)
           from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant { Shape = new(35, 20), Experts = Same(type, count), BaseType = type, Channel = channel },
        .. from channel in Enum.GetValues<RoutedChannel>()
           select new RoutedVariant { Shape = new(290, 12), Experts = Mixed(5), Channel = channel, Updates = true },
    ];

    /// <summary>The first MLP matrix of ViT-B/32 and eight experts.</summary>
    private static IEnumerable<RoutedVariant> Large() =>
    [
        new() { Shape = new(3072, 768), Experts = Same(null, 8), IsLarge = true },
        new() { Shape = new(3072, 768), Experts = Same(null, 2), IsLarge = true },
        new() { Shape = new(3072, 768), Experts = Same(DType.BF16, 8), BaseType = DType.BF16, IsLarge = true },
        new() { Shape = new(3072, 768), Experts = Same(DType.F16, 8), BaseType = DType.F16, IsLarge = true },
        new() { Shape = new(3072, 768), Experts = Same(null, 8), Channel = RoutedChannel.Row, IsLarge = true },
        new() { Shape = new(768, 3072), Experts = Same(null, 8), Channel = RoutedChannel.Column, IsLarge = true },
    ];

    private static DType?[] Same(DType? type, int count) => [.. Enumerable.Repeat(type, count)];

    private static DType?[] Mixed(int count) => [.. Enumerable.Range(1, count).Select(i => Types[i % Types.Length])];
}
