using System;

namespace Engine.Kernels;

/// <summary>A device is missing, unusable or out of memory. The message names the device and what was expected.</summary>
public sealed class BackendException : Exception
{
    /// <summary>Creates the exception without details.</summary>
    public BackendException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public BackendException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public BackendException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
