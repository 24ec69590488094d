namespace Engine.Kernels.Cases;

/// <summary>Calls an op, or a short sequence of ops, on the operands of a case.</summary>
public delegate void OpCall(IBackend backend, CaseOperands operands);
