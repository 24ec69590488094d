using System;
using System.Threading;
using Engine.Kernels;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>--device and --threads.</summary>
public sealed class BackendOptionsTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();

    [Fact]
    public void Create_NamedDevice_IsThatDevice()
    {
        Assert.Equal(ExitCodes.Success, Run("--device", "reference"));
        Assert.Equal("reference\n", _harness.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Create_PrecisionThatTheDeviceLacks_IsADeviceErrorOfOneLine()
    {
        Assert.Equal(ExitCodes.Device, Run("--device", "host", "--precision", "bf16"));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.Contains("'host'", _harness.Error, StringComparison.Ordinal);
        Assert.Contains("sm_80", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PrecisionOfTheReference_IsGiven()
    {
        Assert.Equal(ExitCodes.Success, Run("--device", "reference", "--precision", "tf32"));
        Assert.Equal("reference\n", _harness.Output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("--device", "abacus")]
    [InlineData("--precision", "f8")]
    [InlineData("--threads", "-1")]
    [InlineData("--threads", "many")]
    public void Create_ImpossibleValue_IsUsageError(string option, string value)
    {
        Assert.Equal(ExitCodes.Usage, Run(option, value));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.Contains(value, _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();

    private int Run(params string[] options) => _harness.Run([new DeviceCommand()], CancellationToken.None, ["device", .. options]);

    private sealed class DeviceCommand : ToolCommand
    {
        private readonly BackendOptions _backend;

        public DeviceCommand()
            : base("device", "Names its device") => _backend = new BackendOptions(this);

        public override int Run(CommandContext context)
        {
            using IBackend backend = _backend.Create(context);
            string name = backend.Info.Name;
            context.Report(new { name }, writer => writer.WriteLine(name));
            return ExitCodes.Success;
        }
    }
}
