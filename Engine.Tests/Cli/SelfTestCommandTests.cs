using System;
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
    public void Run_FilterWithoutCase_IsAUsageError()
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run("selftest", "--filter", "nothing"));
        Assert.Contains("no case matches 'nothing'", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();
}
