using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Models;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Small cases of products with rounded operands, as PTX.</summary>
public sealed class InterpretedPrecisionTests
{
    // Larger ones take the interpreter long; the tests of the kernels have some.
    private const int MostElements = 12_000;

    [Theory]
    [Trait("Category", "Device")]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void Ptx_EveryProduct_MatchesReferenceOfRoundedOperandsWithoutFinding(Precision precision)
    {
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80,
            new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
            precision);
        OpCase[] cases =
        [
            .. OpCases.Small.Where(static opCase =>
                opCase.Op.StartsWith("Gemm", StringComparison.Ordinal)
                && opCase.Operands.All(static operand => operand.Shape.ElementCount <= MostElements)),
        ];
        Assert.True(cases.Length > 150);
        foreach (OpCase opCase in cases)
        {
            CaseResult result = OpCaseComparison.WithReference(opCase, device.Backend);
            Assert.True(result.Passed, result.ToString());
        }

        Assert.Empty(device.Launcher.Findings());
    }

    /// <summary>Products and attention: the loss within one rounding of an operand, gradients, which pass through more of them, within
    /// eight.</summary>
    [Theory]
    [Trait("Category", "Device")]
    [InlineData("b1_gpt2_seqcls", Precision.BFloat16)]
    [InlineData("d_vit_cls", Precision.BFloat16)]
    public void Ptx_StepOfAModel_StaysNearFloat64(string name, Precision precision)
    {
        double rounding = precision == Precision.BFloat16 ? 1.0 / 256 : 1.0 / 2048;
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80,
            new LaunchOptions { CollectCounters = false, HostThreads = Environment.ProcessorCount },
            precision);
        FixtureFolder fixture = FixtureFolder.Named(name);
        using SafetensorsFile expected = SafetensorsFile.Open(fixture.File("expected.safetensors"));
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        using SupervisedModel model = SupervisedModel.Load(device.Backend, checkpoint);
        model.RequestGradients(null);
        Batch batch = model.Backbone is VisionBackbone ? FixtureBatch.Images(expected) : FixtureBatch.Tokens(expected);
        double loss = model.ForwardBackward(batch);
        double expectedLoss = expected.ReadDoubles("loss")[0];
        Assert.InRange(loss / expectedLoss, 1 - rounding, 1 + rounding);
        double difference = 0;
        double size = 0;
        foreach ((string parameter, TensorRef gradient) in model.NamedGradients())
        {
            double[] actual = new double[gradient.ElementCount];
            device.Backend.Download<double>(gradient, actual);
            foreach ((double one, double other) in actual.Zip(expected.ReadDoubles("grad." + parameter)))
            {
                difference += (one - other) * (one - other);
                size += other * other;
            }
        }

        Assert.InRange(Math.Sqrt(difference / size), 0, 8 * rounding);
        Assert.Equal(3, device.Launcher.Reports.Select(static launch => launch.Kernel).Distinct().Count(static kernel =>
            kernel.StartsWith("attention", StringComparison.Ordinal) && kernel.Contains("_tensor_", StringComparison.Ordinal)));
    }
}
