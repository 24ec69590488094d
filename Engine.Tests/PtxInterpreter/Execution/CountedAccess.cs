namespace Engine.PtxInterpreter;

/// <summary>How well the warps of a launch accessed memory at one instruction.</summary>
/// <param name="Line">The instruction's line in the PTX text.</param>
/// <param name="Mnemonic">The opcode with its modifiers, for example "ld.global.v4.f32".</param>
/// <param name="Counters">Its accesses alone.</param>
public sealed record CountedAccess(int Line, string Mnemonic, AccessCounters Counters);
