using System;

namespace WeightsTools;

/// <summary>The command line is well-formed but asks for something impossible. The message names the option, what was expected and what was
/// given.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
