namespace Engine.PtxInterpreter;


/// <summary>A fault while running: a bad access, or threads that can never meet.</summary>
/// <param name="message">What happened.</param>
/// <param name="line">The instruction's line in the PTX text, or 0.</param>
public sealed class PtxExecutionException(string message, int line) : PtxException(message, line);
