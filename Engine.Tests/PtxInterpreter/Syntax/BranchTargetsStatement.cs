using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>A .branchtargets list, named by the label before it.</summary>
internal sealed record BranchTargetsStatement(IReadOnlyList<string> Labels, int Line) : PtxStatement(Line);
