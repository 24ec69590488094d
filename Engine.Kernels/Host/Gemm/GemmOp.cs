namespace Engine.Kernels.Host;

/// <summary>A matrix product with its epilogue.</summary>
/// <param name="operands">Checked.</param>
internal readonly struct GemmOp(GemmOperands operands) : ISimdOp
{
    public void Run<TIsa, TVector>(WorkerPool pool, HostWorkspace workspace)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : unmanaged => GemmDriver<TIsa, TVector>.Run(pool, workspace, operands);
}
