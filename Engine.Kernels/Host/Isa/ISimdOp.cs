namespace Engine.Kernels.Host;

/// <summary>An op written once for all instruction sets: the jobs that it runs, and what happens between them.</summary>
internal interface ISimdOp
{
    /// <summary>Computes the op.</summary>
    /// <param name="pool">Who computes.</param>
    /// <param name="workspace">Memory to borrow.</param>
    /// <typeparam name="TIsa">The instruction set.</typeparam>
    /// <typeparam name="TVector">Its register type.</typeparam>
    void Run<TIsa, TVector>(WorkerPool pool, HostWorkspace workspace)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : unmanaged;
}
