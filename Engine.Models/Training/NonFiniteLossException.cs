using System;
using System.Globalization;

namespace Engine.Models;

/// <summary>A loss became NaN or infinite. The message names step and task.</summary>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>Creates the exception without details.</summary>
    public NonFiniteLossException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public NonFiniteLossException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NonFiniteLossException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Names what happened.</summary>
    /// <param name="step">Counted from 1.</param>
    /// <param name="task">Name of the task or data set.</param>
    /// <param name="loss">The loss.</param>
    public NonFiniteLossException(int step, string task, double loss)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The loss of '{task}' "
            + $"is {loss} in step {step}: training has diverged; lower the learning rate, or check inputs and experts for NaN."))
    {
    }
}
