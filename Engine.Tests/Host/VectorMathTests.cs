using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;
using Xunit;

namespace Engine.Tests;

/// <summary>Polynomials against float64, over the whole range in small steps. Bounds are what was measured, rounded up.</summary>
public sealed class VectorMathTests
{
    public static IEnumerable<TheoryDataRow<HostIsa>> Isas => [HostIsa.Portable, HostIsa.Avx2, HostIsa.Avx512];

    public static IEnumerable<TheoryDataRow<HostIsa, Activation>> Activations =>
        from isa in Enum.GetValues<HostIsa>()
        from activation in new[] { Activation.GeluErf, Activation.GeluTanh, Activation.QuickGelu }
        select new TheoryDataRow<HostIsa, Activation>(isa, activation);

    [Theory]
    [MemberData(nameof(Isas))]
    public void Exp_WholeRange_RelativeErrorBelowTwoUlp(HostIsa isa)
    {
        VectorFunction exp = VectorFunction.Exp(isa);
        double worst = 0;
        for (float x = -86.99f; x < 88.7f; x += 0.0013f)
        {
            worst = Math.Max(worst, Math.Abs((exp.At(x) / Math.Exp(x)) - 1));
        }

        Assert.InRange(worst, 0, isa == HostIsa.Portable ? 3e-7 : 1.5e-7);
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void Exp_SpecialArguments_GiveTheirLimits(HostIsa isa)
    {
        VectorFunction exp = VectorFunction.Exp(isa);
        Assert.Equal(1f, exp.At(0f));
        Assert.Equal(1f, exp.At(-0f));
        Assert.Equal(0f, exp.At(-87.01f));
        Assert.Equal(0f, exp.At(float.MinValue));
        Assert.Equal(0f, exp.At(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, exp.At(88.73f));
        Assert.Equal(float.PositiveInfinity, exp.At(float.MaxValue));
        Assert.Equal(float.PositiveInfinity, exp.At(float.PositiveInfinity));
        Assert.True(float.IsNaN(exp.At(float.NaN)));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Apply_DenseRange_AgreesWithDoublePrecision(HostIsa isa, Activation activation)
    {
        VectorFunction apply = VectorFunction.Apply(isa, activation);
        double worst = 0;
        for (double x = -20; x <= 20; x += 0.0007)
        {
            float argument = (float)x;
            double expected = ActivationFunction.Value(activation, argument);
            worst = Math.Max(worst, Math.Abs(apply.At(argument) - expected) / Math.Max(1, Math.Abs(expected)));
        }

        Assert.InRange(worst, 0, 3e-7);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Derivative_DenseRange_AgreesWithDoublePrecision(HostIsa isa, Activation activation)
    {
        VectorFunction derivative = VectorFunction.Derivative(isa, activation);
        double worst = 0;
        for (double x = -20; x <= 20; x += 0.0007)
        {
            float argument = (float)x;
            worst = Math.Max(worst, Math.Abs(derivative.At(argument) - ActivationFunction.Derivative(activation, argument)));
        }

        Assert.InRange(worst, 0, 6e-7);
    }

    [Theory]
    [MemberData(nameof(Isas))]
    public void GeluErf_NegativeTail_IsRelativelyAccurate(HostIsa isa)
    {
        VectorFunction apply = VectorFunction.Apply(isa, Activation.GeluErf);
        double worst = 0;
        for (float x = -6; x < -0.1f; x += 0.001f)
        {
            worst = Math.Max(worst, Math.Abs((apply.At(x) / ActivationFunction.Value(Activation.GeluErf, x)) - 1));
        }

        Assert.InRange(worst, 0, 3e-6);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Apply_NotANumber_StaysNotANumber(HostIsa isa, Activation activation)
    {
        Assert.True(float.IsNaN(VectorFunction.Apply(isa, activation).At(float.NaN)));
        Assert.True(float.IsNaN(VectorFunction.Derivative(isa, activation).At(float.NaN)));
    }
}
