using System.CommandLine;

namespace WeightsTools;

/// <summary>A command that does something. A subclass declares its arguments and options as properties, adds them in its constructor, and
/// is listed in <see cref="CommandCatalogue"/>.</summary>
/// <param name="name">The word on the command line.</param>
/// <param name="description">One sentence for the help.</param>
internal abstract class ToolCommand(string name, string description) : Command(name, description)
{
    /// <summary>What the help says below the options: formulas and an example. Paragraphs are wrapped; lines that begin with a space
    /// stay.</summary>
    public virtual string Explanation => string.Empty;

    /// <summary>Does the work and reports its result exactly once through <see cref="CommandContext.Report"/>. Whatever goes wrong is
    /// thrown: <see cref="Failure"/> knows which exception is which exit code.</summary>
    /// <returns><see cref="ExitCodes.Success"/>, or another code if the result itself is bad news, as that of a self-test may be.</returns>
    public abstract int Run(CommandContext context);
}
