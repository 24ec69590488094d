using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>Graphs of a real device.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class DeviceGraphsTests(DeviceFixture device)
{
    [Fact]
    public void FineTuner_CudaWithGraphs_SameBitsAsOneByOne()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend { Info.Kind: BackendKind.Cuda }, "The device is not a CUDA device.");
        using EnvironmentScope scope = new(DeviceBackend.GraphsVariable, "1");
        using DeviceBackend recorded = (DeviceBackend)TestDevice.Open(DeviceFixture.Name);
        Bits.AssertEqual("parameters", RecordedLaunchTests.FineTune(device.Backend), RecordedLaunchTests.FineTune(recorded));
        Assert.Null(recorded.Graphs!.Failure);
        Assert.True(recorded.Graphs.Replays > 0);
    }

    [Fact]
    public void Open_WithoutTheVariable_LaunchesOneByOne()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend, $"'{DeviceFixture.Name}' runs no device kernels.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable(DeviceBackend.GraphsVariable) is not null, "The variable is set.");
        Assert.Null(((DeviceBackend)device.Backend).Graphs);
    }
}
