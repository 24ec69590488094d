namespace WeightsTools;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using TerminationSignals signals = new();
        return new CommandLine(Terminal.ForProcess()).Run(arguments, signals.Token);
    }
}
