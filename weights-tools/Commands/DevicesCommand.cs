using System.Collections.Generic;
using System.IO;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>What can compute here?</summary>
internal sealed class DevicesCommand : ToolCommand
{
    public DevicesCommand()
        : base("devices", "Show the processor and the GPUs that drivers offer, and whether they can be used")
    {
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "The first column is what --device takes. Without --device, commands take the first GPU that can be used and passes a short "
        + "self-test, else the host. cpu-debug and reference are there for developers: slow, and always available.\n\n"
        + "Example:\n  weights-tools devices";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        IReadOnlyList<DeviceDescription> devices = Backends.Devices();
        context.Report(new { Devices = devices }, writer => WriteText(writer, devices));
        return ExitCodes.Success;
    }

    private static void WriteText(TextWriter writer, IReadOnlyList<DeviceDescription> devices)
    {
        Table table = new Table().Words("device").Words("name").Numbers("memory").Words("version").Words("usable");
        foreach (DeviceDescription device in devices)
        {
            table.Add(
                device.Backend,
                device.Name,
                Quantity.Bytes(device.MemoryBytes),
                device.Version,
                device.Problem is null ? "yes" : $"no: {device.Problem}");
        }

        table.WriteText(writer);
    }
}
