using System;
using Engine.Kernels.Reference;
using Xunit;

namespace Engine.Tests;

/// <summary>Against values tabulated to 16 digits (Abramowitz and Stegun, tables 7.1 and 7.3).</summary>
public sealed class ErrorFunctionTests
{
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1.0, 0.8427007929497149)]
    [InlineData(-1.0, -0.8427007929497149)]
    [InlineData(2.0, 0.9953222650189527)]
    [InlineData(3.0, 0.9999779095030014)]
    [InlineData(7.0, 1.0)]
    public void Erf_TabulatedValues_AgreeToFifteenDigits(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.Erf(x), 1e-15);

    [Theory]
    [InlineData(3.0, 2.209049699858544e-5)]
    [InlineData(4.0, 1.541725790028002e-8)]
    [InlineData(5.0, 1.537459794428035e-12)]
    public void Erfc_Tail_KeepsItsDigits(double x, double expected) => Assert.Equal(1, ErrorFunction.Erfc(x) / expected, 1e-13);

    [Fact]
    public void Erf_WhereTheMethodChanges_IsContinuous()
    {
        double below = ErrorFunction.Erf(Math.BitDecrement(2.5));
        Assert.Equal(below, ErrorFunction.Erf(2.5), 5e-16);
    }
}
