using System.CommandLine;

namespace Engine.Bench;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        RootCommand root = new("Measures FusionEngine: single ops (BenchmarkDotNet) and whole jobs, beside the machine's own peaks.");
        root.Subcommands.Add(EndToEndCommand.Create());
        root.Subcommands.Add(OpsCommand.Create());
        return root.Parse(arguments).Invoke();
    }
}
