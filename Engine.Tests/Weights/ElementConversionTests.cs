using System;
using System.Linq;
using System.Runtime.InteropServices;
using CsCheck;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class ElementConversionTests
{
    private static readonly DType[] FloatingPoint = [DType.F64, DType.F32, DType.F16, DType.BF16];

    public static TheoryData<DType, DType> Pairs()
    {
        TheoryData<DType, DType> pairs = [];
        foreach (DType from in FloatingPoint)
        {
            foreach (DType to in FloatingPoint)
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Convert_AnyBits_PicksANearestValue(DType from, DType to)
    {
        Gen.Byte.Array[from.SizeInBytes() * 8].Sample(
            source =>
            {
                byte[] stored = new byte[to.SizeInBytes() * 8];
                ElementWriter.Convert(source, from, stored, to);
                for (int i = 0; i < 8; i++)
                {
                    AssertNearest(ElementWriter.ElementAt(source, from, i), stored, to, i);
                }
            },
            iter: 1000,
            threads: 1);
    }

    [Fact]
    public void Convert_DoubleJustAboveTieOfBFloat16_RoundsOnce()
    {
        // 1 + 2^-8 lies half-way between bfloat16 neighbours; a little more must round up although its float is the tie.
        double[] source =
            [1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40), 1 + Math.ScaleB(1, -8), 3 - Math.ScaleB(1, -7) - Math.ScaleB(1, -40)];
        ushort[] stored = new ushort[3];
        ElementWriter.Convert(MemoryMarshal.AsBytes(source.AsSpan()), DType.F64, MemoryMarshal.AsBytes(stored.AsSpan()), DType.BF16);
        Assert.Equal([1.0078125f, 1f, 2.984375f], stored.Select(DTypes.WidenBFloat16));
    }

    [Theory]
    [InlineData(DType.F16, 65519.0, false)]
    [InlineData(DType.F16, 65520.0, true)]
    [InlineData(DType.F16, double.PositiveInfinity, false)]
    [InlineData(DType.BF16, 3.3962e38, true)]
    [InlineData(DType.BF16, -3.3961e38, false)]
    [InlineData(DType.F32, -1e300, true)]
    [InlineData(DType.F32, 1e-300, false)]
    public void Write_ValueBeyondRange_IsRefused(DType stored, double value, bool refused)
    {
        using ScratchFolder folder = new();
        double[] values = new double[100];
        values[70] = double.PositiveInfinity;
        values[90] = value;
        using HostTensor source = HostTensor.Of<double>(DType.F64, new Shape(100), values);
        string path = folder.File("range.safetensors");
        TensorToWrite[] tensors = [new("big", source.Ref, stored)];
        if (refused)
        {
            DataException error = Assert.Throws<DataException>(() => SafetensorsWriter.Write(path, tensors));
            Assert.Contains("range.safetensors: tensor 'big': the value", error.Message, StringComparison.Ordinal);
            Assert.Empty(folder.Entries());
        }
        else
        {
            SafetensorsWriter.Write(path, tensors);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.Equal(values[90] == double.PositiveInfinity ? 2 : 1, file.ReadDoubles("big").Count(double.IsInfinity));
        }
    }

    // No neighbour of the stored value lies closer; of two equally close ones the even one is taken.
    private static void AssertNearest(double exact, byte[] stored, DType dtype, int index)
    {
        double value = ElementWriter.ElementAt(stored, dtype, index);
        if (double.IsNaN(exact) || double.IsInfinity(value))
        {
            Assert.Equal(double.IsNaN(exact), double.IsNaN(value));
            return;
        }

        int size = dtype.SizeInBytes();
        Span<byte> element = stored.AsSpan(index * size, size);
        bool isEven = (element[0] & 1) == 0;
        double error = Math.Abs(value - exact);
        foreach (int step in (int[])[1, -1])
        {
            byte[] neighbour = element.ToArray();
            AddToBits(neighbour, step);
            double other = ElementWriter.ElementAt(neighbour, dtype, 0);
            double otherError = Math.Abs(other - exact);
            Assert.False(otherError < error, $"{exact:R} became {value:R}, {other:R} is closer.");
            Assert.False(otherError == error && error > 0 && !isEven && double.IsFinite(other), $"{exact:R} became the odd {value:R}.");
        }
    }

    private static void AddToBits(byte[] bits, int step)
    {
        int carry = step;
        for (int i = 0; i < bits.Length && carry != 0; i++)
        {
            int sum = bits[i] + carry;
            bits[i] = (byte)sum;
            carry = sum >> 8;
        }
    }
}
