using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Engine.Tests;

/// <summary>Who refuses to round operands of products.</summary>
[Collection(DeviceCollection.Name)]
public sealed class PrecisionTests(DeviceFixture device)
{
    [Theory]
    [InlineData("host", Precision.BFloat16)]
    [InlineData("host", Precision.TensorFloat32)]
    public void Create_NoTensorCores_SaysWhatWasAskedAndIsNeeded(string name, Precision precision) =>
        AssertNames(Assert.Throws<BackendException>(() => Backends.Create(name, precision: precision)), name, precision);

    [Theory]
    [InlineData(BackendKind.Cuda, Precision.BFloat16)]
    [InlineData(BackendKind.OpenCl, Precision.TensorFloat32)]
    public void Require_OlderDevice_SaysWhatWasAskedAndIsNeeded(BackendKind kind, Precision precision)
    {
        DeviceTraits traits = new(kind, "an old GPU", Multiprocessors: 20, HasShuffles: true, HasTensorCores: false);
        AssertNames(Assert.Throws<BackendException>(() => traits.Require(precision)), "an old GPU", precision);
        traits.Require(Precision.Float32);
        (traits with { HasTensorCores = true }).Require(precision);
    }

    [Fact]
    [Trait("Category", "Device")]
    public void Create_OpenCl_Refuses()
    {
        (Context context, ILGPU.Runtime.Device openCl) = device.Open();
        using Context owned = context;
        Assert.SkipUnless(openCl is CLDevice, "The device is not an OpenCL device.");
        BackendException exception = Assert.Throws<BackendException>(
            () => DeviceBackend.Create("opencl", BackendKind.OpenCl, openCl, context, Precision.BFloat16));
        AssertNames(exception, openCl.Name.Trim(), Precision.BFloat16);
    }

    [Fact]
    public void Info_Backend_NamesItsPrecision()
    {
        using IBackend host = Backends.Create(Backends.Host, threads: 1);
        Assert.Equal(Precision.Float32, host.Info.Precision);
        using InterpretedCudaFixture rounding = new(ILGPU.Runtime.Cuda.CudaArchitecture.SM_80, new(), Precision.BFloat16);
        Assert.Equal(Precision.BFloat16, rounding.Backend.Info.Precision);
    }

    private static void AssertNames(BackendException exception, string device, Precision precision)
    {
        Assert.Contains(device, exception.Message, System.StringComparison.Ordinal);
        Assert.Contains(precision.ToString(), exception.Message, System.StringComparison.Ordinal);
        Assert.Contains("sm_80", exception.Message, System.StringComparison.Ordinal);
    }
}
