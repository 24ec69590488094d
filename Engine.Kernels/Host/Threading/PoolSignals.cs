using System.Runtime.InteropServices;

namespace Engine.Kernels.Host;

/// <summary>The words that workers contend for, each on its own pair of cache lines (processors fetch lines in pairs).</summary>
[StructLayout(LayoutKind.Explicit, Size = 4 * LinePair)]
internal struct PoolSignals
{
    private const int LinePair = 128;

    /// <summary>Number of jobs offered so far; idle workers watch it.</summary>
    [FieldOffset(LinePair)]
    public int Generation;

    /// <summary>The next tile to take.</summary>
    [FieldOffset(2 * LinePair)]
    public int NextTile;

    /// <summary>Number of pool threads inside the current job; negative once the job is closed to newcomers.</summary>
    [FieldOffset(3 * LinePair)]
    public int Gate;
}
