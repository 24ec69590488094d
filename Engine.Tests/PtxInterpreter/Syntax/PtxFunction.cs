using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>A kernel entry or a device function; without a body it is declared only.</summary>
internal sealed class PtxFunction
{
    public required string Name { get; init; }

    public required bool IsEntry { get; init; }

    public required int Line { get; init; }

    public List<PtxVariable> Returns { get; init; } = [];

    public List<PtxVariable> Parameters { get; set; } = [];

    public List<PtxStatement>? Body { get; set; }

    /// <summary>The most threads of a block by .maxntid or .reqntid, or 1024.</summary>
    public int MaxThreads { get; set; } = 1024;
}
