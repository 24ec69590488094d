using System.CommandLine;

namespace Engine.Bench;

internal static class Program
{
    private const int UsageError = 2;

    /// <summary>All commands.</summary>
    internal static RootCommand CreateRoot() =>
        new("Measures FusionEngine: kernels, single ops (BenchmarkDotNet) and whole jobs, beside the machine's own peaks.")
        {
            EndToEndCommand.Create(), KernelsCommand.Create(), OpsCommand.Create(),
        };

    private static int Main(string[] arguments)
    {
        RootCommand root = CreateRoot();
        ParseResult parsed = root.Parse(arguments);
        int code = parsed.Invoke();
        return parsed.Errors.Count > 0 ? UsageError : code;
    }
}
