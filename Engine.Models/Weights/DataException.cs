using System;
using System.Text;

namespace Engine.Models;

/// <summary>
/// A file or data set is missing, malformed, of the wrong kind, or cannot be written. The message is one line that names the
/// file, the tensor or key if there is one, what was expected and what was found. The command line maps it to exit code 3.
/// </summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the exception without details.</summary>
    public DataException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public DataException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public DataException(string message, Exception innerException)
        : base(OneLine(message), innerException)
    {
    }

    /// <summary>A complaint about one tensor of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="problem">What was expected and what was found.</param>
    public static DataException ForTensor(string path, string tensor, string problem) => new($"{path}: tensor '{tensor}': {problem}");

    /// <summary>An operation on a file that the system refused.</summary>
    internal static DataException ForSystem(string action, string path, Exception cause) =>
        new($"Cannot {action} '{path}': {cause.Message}", cause);

    // Names come from files and may hold anything; the message stays one readable line.
    private static string OneLine(string message)
    {
        StringBuilder text = new(message.Length);
        foreach (char c in message)
        {
            if (char.IsControl(c))
            {
                text.Append("\\u").Append(((int)c).ToString("x4", null));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
