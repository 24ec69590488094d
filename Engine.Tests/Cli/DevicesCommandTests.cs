using System;
using System.Linq;
using System.Text.Json;
using Engine.Kernels;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

[Collection(DeviceCollection.Name)]
public sealed class DevicesCommandTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();

    [Fact]
    public void Run_Json_HasTheHostFirst()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("devices", "--json"));
        JsonElement[] devices = [.. _harness.Json.GetProperty("devices").EnumerateArray()];
        Assert.Equal("host", devices[0].GetProperty("backend").GetString());
        Assert.True(devices[0].GetProperty("is_usable").GetBoolean());
        Assert.All(devices, device =>
        {
            Assert.True(device.GetProperty("memory_bytes").GetInt64() > 0);
            Assert.Contains(device.GetProperty("backend").GetString(), Backends.Names);
            Assert.Equal(device.GetProperty("is_usable").GetBoolean(), device.GetProperty("problem").ValueKind == JsonValueKind.Null);
        });
    }

    [Fact]
    public void Run_Text_HasALinePerDevice()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run("devices"));
        Assert.Equal(2 + Backends.Devices().Count, _harness.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n').Length);
        Assert.Contains("host", _harness.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Device")]
    public void Devices_Pocl_IsListedAsUnusable()
    {
        DeviceDescription? pocl = Backends.Devices()
            .FirstOrDefault(static device => device.Version.Contains("Portable Computing Language", StringComparison.Ordinal));
        Assert.SkipWhen(pocl is null, "PoCL is not installed (pocl-opencl-icd).");
        Assert.Equal(Backends.OpenCl, pocl.Backend);
        Assert.Contains("generic address space", pocl.Problem, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Device")]
    public void Devices_PoclAdmitted_IsListedAsUsable()
    {
        using EnvironmentScope admitted = TestDevice.AdmitPocl();
        DeviceDescription? pocl = Backends.Devices()
            .FirstOrDefault(static device => device.Version.Contains("Portable Computing Language", StringComparison.Ordinal));
        Assert.SkipWhen(pocl is null, "PoCL is not installed (pocl-opencl-icd).");
        Assert.Null(pocl.Problem);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("opencl")]
    public void SelfTest_DeviceThatIsNotThere_IsADeviceErrorOfOneLine(string device)
    {
        Assert.SkipWhen(
            Backends.Devices().Any(found => found.Backend == device && found.IsUsable), $"There is a device for '{device}' here.");
        Assert.Equal(ExitCodes.Device, _harness.Run("selftest", "--device", device));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: There is no usable device for '{device}': ", _harness.Error, StringComparison.Ordinal);
        Assert.Throws<BackendException>(() => Backends.Create(device));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("opencl")]
    public void SelfTest_DeviceThatIsThere_HasNoDifferentCase(string device)
    {
        Assert.SkipUnless(
            Backends.Devices().Any(found => found.Backend == device && found.IsUsable), $"There is no device for '{device}'.");
        Assert.Equal(ExitCodes.Success, _harness.Run("selftest", "--device", device));
    }

    public void Dispose() => _harness.Dispose();
}
