namespace Engine.Kernels.Host;

/// <summary>Work cut into tiles. An implementation is an unmanaged struct: raw pointers and sizes, no references.
/// What a tile computes may not depend on which worker runs it, nor on the number of workers.</summary>
internal interface ITileJob
{
    /// <summary>Computes one tile.</summary>
    /// <param name="tile">0 to tiles - 1; each is executed exactly once.</param>
    /// <param name="worker">0 to workers - 1: picks the worker's scratch memory.</param>
    void Execute(int tile, int worker);
}
