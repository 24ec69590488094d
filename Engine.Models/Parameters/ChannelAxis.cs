namespace Engine.Models;

/// <summary>Where a parameter's output channels lie, for everything that works row by row.</summary>
public enum ChannelAxis
{
    /// <summary>The tensor is one unit: vectors, class token, token embeddings.</summary>
    None,

    /// <summary>Leading dimension: linear layers [out, in], convolutions [out, ...], position embeddings (one row per position).</summary>
    Row,

    /// <summary>Last dimension: GPT-2's Conv1D [in, out].</summary>
    Column,
}
