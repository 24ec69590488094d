using System;

namespace Engine.PtxInterpreter;


/// <summary>A fault in PTX text or in its launch: what an assembler, a linker or a driver would refuse.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="line">The line of the PTX text, or 0.</param>
public class PtxException(string message, int line = 0) : Exception(line > 0 ? $"line {line}: {message}" : message)
{
    /// <summary>The line of the PTX text, or 0 if the fault is not of one line.</summary>
    public int Line { get; } = line;
}
