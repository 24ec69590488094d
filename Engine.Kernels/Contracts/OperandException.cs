using System;

namespace Engine.Kernels;

/// <summary>An operand of an op has the wrong shape, dtype or layout. The message names the op, the operand, what was expected and what was
/// found.</summary>
public sealed class OperandException : ArgumentException
{
    /// <summary>Creates the exception without details.</summary>
    public OperandException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public OperandException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public OperandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
