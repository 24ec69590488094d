using System.CommandLine;

namespace Engine.Bench;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        RootCommand root = new(
            "Measures FusionEngine: single ops (BenchmarkDotNet), whole jobs and devices, beside the machine's own peaks.");
        root.Subcommands.Add(EndToEndCommand.Create());
        root.Subcommands.Add(OpsCommand.Create());
        root.Subcommands.Add(DeviceCommand.Create());
        root.Subcommands.Add(RegistersCommand.Create());
        return root.Parse(arguments).Invoke();
    }
}
