using System;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Xunit;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Tests;

/// <summary>The gradient check finds wrong gradients.</summary>
public sealed class GradientCheckTests
{
    [Fact]
    public void Check_RightGradient_Passes() => Assert.True(GradientCheck.Check(Gelu(factor: 0)).Passed);

    [Theory]
    [InlineData(1e-4f)]
    [InlineData(-2f)]
    public void Check_GradientWithAWrongTerm_NamesIt(float factor)
    {
        CaseResult result = GradientCheck.Check(Gelu(factor));
        Assert.False(result.Passed);
        Assert.Equal("dx", result.Worst.Operand);
    }

    [Fact]
    public void Check_ErfGradientForTanhFunction_Fails()
    {
        OpCase opCase = Gelu(0, (backend, t) => backend.ActivateBackward(Activation.GeluErf, t["x"], t["dy"], t["dx"]));
        Assert.False(GradientCheck.Check(opCase).Passed);
    }

    [Fact]
    public void Check_CaseWithoutGradients_Throws()
    {
        OpCase opCase = new() { Op = "Fill", Name = "nothing", Operands = [Output("x", new Shape(1))], Call = (_, _) => { } };
        Assert.Throws<ArgumentException>(() => GradientCheck.Check(opCase));
    }

    /// <summary>GELU whose gradient is off by a multiple of dy.</summary>
    private static OpCase Gelu(float factor, OpCall? backward = null) => new()
    {
        Op = "ActivateBackward",
        Name = "doubtful",
        Operands =
        [
            Input("x", new Shape(4, 7)), Input("dy", new Shape(4, 7)), Output("dx", new Shape(4, 7)), ForwardOutput("y", new Shape(4, 7)),
        ],
        Forward = (backend, t) => backend.Activate(Activation.GeluTanh, t["x"], t["y"]),
        Call = backward ?? ((backend, t) =>
        {
            backend.ActivateBackward(Activation.GeluTanh, t["x"], t["dy"], t["dx"]);
            backend.Axpy(factor, t["dy"], t["dx"]);
        }),
        OutputGradient = new GradientPair("y", "dy"),
        InputGradients = [new GradientPair("x", "dx")],
    };
}
