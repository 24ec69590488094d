using System;
using System.Threading;
using Engine.Kernels;
using Engine.Kernels.Cases;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

public sealed class SelfTestCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();

    [Theory]
    [InlineData("host")]
    [InlineData("reference")]
    public void Run_Device_HasNoDifferentCase(string device)
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("selftest", "--device", device, "--filter", "LayerNorm*", "--json"));
        Assert.Equal(device, _harness.Json.GetProperty("device").GetString());
        Assert.True(_harness.Json.GetProperty("cases").GetInt32() > 10);
        Assert.Equal(0, _harness.Json.GetProperty("different").GetArrayLength());
    }

    [Fact]
    public void Run_DeviceThatDiffers_IsADeviceErrorThatNamesTheCase()
    {
        OpCase wrong = new()
        {
            Op = "Fill",
            Name = "wrong",
            Operands = [OperandSpec.Output("y", new Shape(2, 3))],
            Call = static (backend, operands) => backend.Fill(operands["y"], backend.Info.Kind == BackendKind.Host ? 2 : 1),
        };
        Assert.Equal(
            ExitCodes.Device, _harness.Run([new SelfTestCommand([wrong])], CancellationToken.None, "selftest", "--device", "host"));
        Assert.Contains("Fill wrong: 'y'[0, 0] is 2, expected 1", _harness.Output, StringComparison.Ordinal);
        Assert.Contains("1 cases, 1 different", _harness.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FilterWithoutCase_IsAUsageError()
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run("selftest", "--filter", "nothing"));
        Assert.Contains("no case matches 'nothing'", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();
}
