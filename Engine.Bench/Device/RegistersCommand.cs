using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>"registers": what the compiler of NVIDIA's driver made of every kernel. Spills show here, and how many groups fit.</summary>
internal static class RegistersCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string> device = DeviceCommand.DeviceOption();
        Option<string> filter = new("--filter")
        {
            Description = "Only kernels whose name matches, for example \"gemm*\"",
            HelpName = "PATTERN",
            DefaultValueFactory = static _ => "*",
        };
        Command command = new("registers", "Registers, spilled bytes and shared memory of every kernel on an NVIDIA GPU")
        {
            device, filter,
        };
        command.SetAction(result =>
        {
            try
            {
                using IBackend backend = Backends.Create(result.GetValue(device)!);
                IEnumerable<IDeviceKernel> kernels = KernelCatalogue.All.Append(FmaPeakKernel.Kernel)
                    .Where(kernel => FileSystemName.MatchesSimpleExpression(result.GetValue(filter), kernel.Name));
                return Write(result.InvocationConfiguration.Output, backend, kernels);
            }
            catch (BackendException exception)
            {
                result.InvocationConfiguration.Error.WriteLine($"error: {exception.Message}");
                return DeviceCommand.DeviceError;
            }
        });
        return command;
    }

    /// <summary>One line per kernel; a kernel that the driver refuses has its message there and does not keep the others from
    /// theirs.</summary>
    private static int Write(TextWriter output, IBackend backend, IEnumerable<IDeviceKernel> kernels)
    {
        if (backend is not DeviceBackend { Info.Kind: BackendKind.Cuda } device)
        {
            throw new BackendException($"{backend.Info.Description}: only NVIDIA's driver tells registers and spills of kernels.");
        }

        int refused = 0;
        output.WriteLine("registers  local bytes  shared bytes  threads  groups  kernel");
        foreach (IDeviceKernel kernel in kernels)
        {
            try
            {
                (KernelResources resources, int groups) = device.Inspect(kernel);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{resources.Registers,9}  {resources.LocalBytes,11}  {resources.SharedBytes,12}  {kernel.GroupSize,7}  "
                    + $"{groups,6}  {kernel.Name}"));
            }
            catch (BackendException exception)
            {
                refused++;
                output.WriteLine($"refused: {exception.Message.ReplaceLineEndings(" ")}");
            }
        }

        return refused == 0 ? 0 : DeviceCommand.DeviceError;
    }
}
