using System;
using System.CommandLine;
using Engine.Kernels;

namespace Engine.Bench;

internal static class Program
{
    private const int UsageError = 2;
    private const int DeviceError = 4;

    /// <summary>All commands.</summary>
    internal static RootCommand CreateRoot() =>
        new("Measures FusionEngine: kernels, single ops (BenchmarkDotNet), whole jobs and devices, beside the machine's own peaks.")
        {
            EndToEndCommand.Create(), KernelsCommand.Create(), OpsCommand.Create(), DeviceCommand.Create(), RegistersCommand.Create(),
        };

    private static int Main(string[] arguments)
    {
        ParseResult parsed = CreateRoot().Parse(arguments);
        try
        {
            int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? UsageError : code;
        }
        catch (BackendException exception)
        {
            Console.Error.WriteLine($"error: {exception.Message}");
            return DeviceError;
        }
    }
}
