using System;
using System.CommandLine;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>"device": the table of one device, a line per row as soon as it is measured.</summary>
internal static class DeviceCommand
{
    /// <summary>Exit code of a device that is missing or fails, as of weights-tools.</summary>
    public const int DeviceError = 4;

    private const int UsageError = 2;
    private const double DefaultSeconds = 0.1;

    /// <summary>The option that names the device.</summary>
    public static Option<string> DeviceOption()
    {
        Option<string> device = new("--device") { Description = "What computes", DefaultValueFactory = static _ => Backends.Cuda };
        device.AcceptOnlyFromAmong(Backends.Names);
        return device;
    }

    /// <summary>The command.</summary>
    /// <param name="peaks">Of the device; measured in every run if null.</param>
    public static Command Create(MachinePeaks? peaks = null)
    {
        Option<string> device = DeviceOption();
        Option<string> size = new("--scale")
        {
            Description = "full: sizes of the models; tiny: whether everything runs",
            DefaultValueFactory = static _ => "full",
        };
        size.AcceptOnlyFromAmong("full", "tiny");
        Option<string> filter = new("--filter") { Description = "Only rows that match, for example \"gemm*gpt2*\"", HelpName = "PATTERN" };
        Option<double> seconds = new("--seconds")
        {
            Description = "Least time of each of a row's seven samples",
            DefaultValueFactory = static _ => DefaultSeconds,
        };
        Option<bool> json = new("--json") { Description = "A JSON line per row" };
        Command command = new(
            "device", "The table of one device: products beside cuBLAS (OpenBLAS on the host), ops that memory limits beside a copy")
        {
            device, size, filter, seconds, json,
        };
        command.SetAction(result =>
        {
            TextWriter error = result.InvocationConfiguration.Error;
            DeviceScale scale = result.GetValue(size) == "tiny" ? DeviceScale.Tiny : DeviceScale.Full;
            string name = result.GetValue(device)!;

            // Other backends have no tensor cores.
            Precision[] precisions = name == Backends.Cuda ? Enum.GetValues<Precision>() : [Precision.Float32];
            (Precision Precision, DeviceCase[] Cases)[] tables =
            [
                .. from precision in precisions
                   let cases = DeviceBench.Cases(scale, precision).Where(row => Matches(result.GetValue(filter), row)).ToArray()
                   where cases.Length > 0
                   select (precision, cases),
            ];
            if (tables.Length == 0)
            {
                error.WriteLine($"error: --filter: no row matches '{result.GetValue(filter)}'.");
                return UsageError;
            }

            try
            {
                bool isComplete = true;
                MachinePeaks? measured = peaks;
                foreach ((Precision precision, DeviceCase[] cases) in tables)
                {
                    using IBackend backend = Backends.Create(name, precision: precision);
                    using DeviceBench bench = new(backend, scale, result.GetValue(seconds), measured);
                    measured = bench.Peaks;
                    isComplete &= DeviceReport.Write(result.InvocationConfiguration.Output, bench, cases, result.GetValue(json));
                }

                return isComplete ? 0 : DeviceError;
            }
            catch (BackendException exception)
            {
                error.WriteLine($"error: {exception.Message}");
                return DeviceError;
            }
        });
        return command;
    }

    private static bool Matches(string? pattern, DeviceCase deviceCase) =>
        pattern is null || FileSystemName.MatchesSimpleExpression(pattern, deviceCase.Name);
}
