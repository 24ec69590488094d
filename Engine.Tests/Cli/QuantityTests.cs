using System;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Numbers for people.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(135488, "135 488")]
    [InlineData(-1234567, "-1 234 567")]
    public void Count_Thousands_AreSetApart(long count, string expected) => Assert.Equal(expected, Quantity.Count(count));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.977 KiB")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(544552, "532 KiB")]
    [InlineData(605156676, "577 MiB")]
    [InlineData(3L << 40, "3.00 TiB")]
    public void Bytes_Sizes_HaveThreeDigits(long bytes, string expected) => Assert.Equal(expected, Quantity.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0000123, "1.23E-5")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(0.5, "0.500")]
    [InlineData(4.56, "4.56")]
    [InlineData(78.91, "78.9")]
    [InlineData(1234.5, "1 234")]
    public void Significant_Values_HaveThreeDigits(double value, string expected) => Assert.Equal(expected, Quantity.Significant(value));

    [Theory]
    [InlineData(6.94, "6.9 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(7800, "2 h 10 min")]
    [InlineData(360000, "100 h 00 min")]
    public void Duration_Times_HaveTwoUnits(double seconds, string expected) =>
        Assert.Equal(expected, Quantity.Duration(TimeSpan.FromSeconds(seconds)));
}
