using System.CommandLine;

namespace WeightsTools;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>One JSON document on standard output instead of text.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result as one JSON document to standard output",
        Recursive = true,
    };

    /// <summary>No progress and no messages; warnings and errors stay.</summary>
    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show no progress and no messages, only warnings and errors",
        Recursive = true,
    };

    /// <summary>Stack traces.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show the stack trace of an error",
        Recursive = true,
    };

    /// <summary>Declares the options on the root command; its subcommands inherit them.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(Json);
        root.Add(Quiet);
        root.Add(Verbose);
    }
}
