using System;

namespace Engine.Models;

/// <summary>Offsets of consecutive slots: one after the other, or with all blocks on top of each other.</summary>
/// <param name="shared">All blocks start at the offset of the first.</param>
internal struct BlockMemory(bool shared)
{
    private int _block = ParameterSpec.OutsideBlocks;
    private long _firstBlock = -1;
    private long _next;

    /// <summary>End of everything placed so far, in bytes.</summary>
    public long End { get; private set; }

    /// <summary>Places a slot.</summary>
    /// <param name="block">Its block.</param>
    /// <param name="bytes">Its aligned size.</param>
    /// <returns>Its offset.</returns>
    public long Place(int block, long bytes)
    {
        if (shared && block != _block)
        {
            _firstBlock = _firstBlock < 0 ? _next : _firstBlock;
            _next = block == ParameterSpec.OutsideBlocks ? End : _firstBlock;
            _block = block;
        }

        long offset = _next;
        _next += bytes;
        End = Math.Max(End, _next);
        return offset;
    }
}
