namespace Engine.Kernels.Cases;

/// <summary>What an op does with an operand.</summary>
public enum OperandRole
{
    /// <summary>Reads it; not a bit of it may change.</summary>
    In,

    /// <summary>Overwrites it. It holds NaN before.</summary>
    Out,

    /// <summary>Reads and overwrites it: accumulation, or an input that is also the output.</summary>
    InOut,
}
