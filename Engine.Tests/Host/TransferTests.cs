using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>Conversions bit by bit: tolerances would hide a wrong rounding.</summary>
public sealed class TransferTests(HostBackends backends) : IClassFixture<HostBackends>
{
    public static IEnumerable<TheoryDataRow<HostIsa>> Isas => [HostIsa.Portable, HostIsa.Avx2, HostIsa.Avx512];

    /// <summary>Both signs of values around every boundary of a 16-bit format, and many in between.</summary>
    private static float[] Singles { get; } = CreateSingles();

    [Theory]
    [MemberData(nameof(Isas))]
    public void Copy_EveryFloat16ToF32_IsExact(HostIsa isa)
    {
        ushort[] halves = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] widened = new float[65536];
        Convert<ushort, float>(isa, DType.F16, halves, DType.F32, widened);
        for (int i = 0; i < 65536; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            Assert.True(SameBits(expected, widened[i]), $"0x{i:X4} is {expected}, widened to {widened[i]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Copy_EveryBFloat16ToF32_IsExact(HostIsa isa)
    {
        ushort[] stored = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] widened = new float[65536];
        Convert<ushort, float>(isa, DType.BF16, stored, DType.F32, widened);
        for (int i = 0; i < 65536; i++)
        {
            Assert.True(SameBits(BitConverter.UInt32BitsToSingle((uint)i << 16), widened[i]), $"0x{i:X4} widened to {widened[i]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Copy_F32ToFloat16_RoundsToNearestEven(HostIsa isa)
    {
        ushort[] narrowed = new ushort[Singles.Length];
        Convert<float, ushort>(isa, DType.F32, Singles, DType.F16, narrowed);
        for (int i = 0; i < narrowed.Length; i++)
        {
            Half found = BitConverter.UInt16BitsToHalf(narrowed[i]);
            Half expected = (Half)Singles[i];
            bool same = Half.IsNaN(expected) ? Half.IsNaN(found) : BitConverter.HalfToUInt16Bits(expected) == narrowed[i];
            Assert.True(same, $"{Singles[i]:R} should become {expected}, became {found}.");
        }
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Copy_F32ToBFloat16_RoundsToNearestEven(HostIsa isa)
    {
        ushort[] narrowed = new ushort[Singles.Length];
        Convert<float, ushort>(isa, DType.F32, Singles, DType.BF16, narrowed);
        for (int i = 0; i < narrowed.Length; i++)
        {
            float found = DTypes.WidenBFloat16(narrowed[i]);
            bool same = float.IsNaN(Singles[i]) ? float.IsNaN(found) : NearestBFloat16(Singles[i]) == narrowed[i];
            Assert.True(same, $"{Singles[i]:R} became {found:R}.");
        }
    }

    [Fact]
    public void Copy_F64ToBFloat16_RoundsOnce()
    {
        // Just above the middle of two bfloat16 numbers, but in the middle after rounding to float32.
        double value = 1 + (1.0 / 256) + 1e-12;
        ushort[] narrowed = new ushort[2];
        Convert<double, ushort>(HostIsa.Portable, DType.F64, [value, -value], DType.BF16, narrowed);
        Assert.Equal(new ushort[] { 0x3F81, 0xBF81 }, narrowed);
    }

    [Fact]
    public void Upload_OtherElementType_NamesTensorAndType()
    {
        IBackend backend = backends.Get(HostIsa.Portable, threads: 1);
        using Arena arena = backend.CreateArena("test", 64);
        TensorRef ids = arena.Allocate("ids", DType.I32, new Shape(2));
        OperandException e = Assert.Throws<OperandException>(() => backend.Upload<float>([1, 2], ids));
        Assert.Contains("'ids'", e.Message, StringComparison.Ordinal);
        Assert.Contains("Single", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Download_RowsWithGaps_SkipsTheGaps()
    {
        IBackend backend = backends.Get(HostIsa.Portable, threads: 1);
        using Arena arena = backend.CreateArena("test", 64);
        TensorRef matrix = arena.Allocate("matrix", DType.F32, new Shape(2, 3));
        backend.Upload<double>([1, 2, 3, 4, 5, 6], matrix);
        float[] columns = new float[4];
        backend.Download<float>(matrix.SliceColumns(1, 2), columns);
        Assert.Equal([2, 3, 5, 6], columns);
    }

    private static ushort NearestBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint below = bits & 0xFFFF_0000;
        uint rest = bits & 0xFFFF;
        bool up = rest > 0x8000 || (rest == 0x8000 && (below & 0x1_0000) != 0);
        return (ushort)((below >> 16) + (up ? 1u : 0u));
    }

    private static float[] CreateSingles()
    {
        Random random = new(7);
        List<float> values = [float.NaN, 0, float.PositiveInfinity, float.MaxValue, float.Epsilon, 65504, 65519.99f, 65520, 65536];
        for (int exponent = -28; exponent <= 17; exponent++)
        {
            for (int i = 0; i < 64; i++)
            {
                uint mantissa = i < 16 ? ((uint)i << 12) + (uint)(random.Next(3) - 1) : (uint)random.Next(1 << 23);
                values.Add(BitConverter.UInt32BitsToSingle((uint)((exponent + 127) << 23) + mantissa));
            }
        }

        for (int i = 0; i < 1000; i++)
        {
            values.Add(BitConverter.UInt32BitsToSingle((uint)random.Next()));
            values.Add(BitConverter.UInt32BitsToSingle(((uint)random.Next(1 << 15) << 16) | 0x8000));
        }

        return [.. values, .. values.Select(value => -value)];
    }

    private static bool SameBits(float expected, float found) =>
        float.IsNaN(expected) ? float.IsNaN(found) : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(found);

    private void Convert<TFrom, TTo>(HostIsa isa, DType fromType, ReadOnlySpan<TFrom> from, DType toType, Span<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        IBackend backend = backends.Get(isa, threads: 2);
        using Arena arena = backend.CreateArena("test", 2 << 20);
        TensorRef source = arena.Allocate("source", fromType, new Shape(from.Length));
        TensorRef destination = arena.Allocate("destination", toType, new Shape(to.Length));
        backend.Upload(from, source);
        backend.Copy(source, destination);
        backend.Download(destination, to);
    }
}
