namespace Engine.Kernels.Host;

/// <summary>A kernel: work cut into tiles, written once for all instruction sets. An implementation is an unmanaged struct of pointers
/// and sizes. What a tile computes may depend neither on the worker nor on the number of workers.</summary>
internal interface ISimdJob
{
    /// <summary>Computes one tile.</summary>
    /// <param name="tile">0 to tiles - 1.</param>
    /// <param name="worker">0 to workers - 1: picks the worker's scratch memory.</param>
    /// <typeparam name="TIsa">The instruction set.</typeparam>
    /// <typeparam name="TVector">Its register type.</typeparam>
    void Execute<TIsa, TVector>(int tile, int worker)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct;
}
