using System;
using System.IO;
using System.Reflection;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Why a command ended early: the exit code and one readable line. The only place where exceptions meet exit codes.</summary>
/// <param name="Code">One of <see cref="ExitCodes"/>.</param>
/// <param name="Message">One line that names the file, tensor or option, what was expected and what was found.</param>
internal sealed record Failure(int Code, string Message)
{
    /// <summary>One line, whatever the exception said.</summary>
    public string Message { get; } = Printable.Text(Message.ReplaceLineEndings(" ").Trim());

    /// <summary>The exit code's name in machine-readable output.</summary>
    public string Kind => Code switch
    {
        ExitCodes.Usage => "usage",
        ExitCodes.Data => "data",
        ExitCodes.Device => "device",
        ExitCodes.Cancelled => "cancelled",
        _ => "bug",
    };

    /// <summary>Classifies an exception.</summary>
    public static Failure From(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [Exception only] } => From(only),
        TargetInvocationException { InnerException: Exception cause } => From(cause),
        TypeInitializationException { InnerException: Exception cause } => From(cause),
        OperationCanceledException => new Failure(ExitCodes.Cancelled, "cancelled"),
        UsageException => new Failure(ExitCodes.Usage, exception.Message),
        DataException or NonFiniteLossException or IOException or InvalidDataException or UnauthorizedAccessException =>
            new Failure(ExitCodes.Data, exception.Message),
        BackendException => new Failure(ExitCodes.Device, exception.Message),
        OutOfMemoryException => new Failure(ExitCodes.Device, $"out of memory: {exception.Message}"),
        _ => new Failure(
            ExitCodes.Bug,
            $"internal error: {exception.GetType().Name}: {exception.Message} (--verbose shows where; please report it)"),
    };
}
