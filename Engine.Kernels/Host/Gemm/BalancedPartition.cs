namespace Engine.Kernels.Host;

/// <summary>Cuts a length into parts whose sizes differ by at most one; the larger parts come first.</summary>
internal readonly struct BalancedPartition
{
    private readonly int _size;
    private readonly int _larger;

    /// <param name="length">What is cut.</param>
    /// <param name="parts">At least 1; some are empty if it exceeds <paramref name="length"/>.</param>
    public BalancedPartition(int length, int parts)
    {
        Count = parts;
        _size = length / parts;
        _larger = length % parts;
    }

    /// <summary>Number of parts.</summary>
    public int Count { get; }

    /// <summary>The fewest parts of at most <paramref name="largest"/> each; at least one part.</summary>
    public static BalancedPartition OfAtMost(int largest, int length) =>
        new(length, length > largest ? (int)(((long)length + largest - 1) / largest) : 1);

    public int Start(int part) => (part * _size) + (part < _larger ? part : _larger);

    public int Size(int part) => _size + (part < _larger ? 1 : 0);
}
