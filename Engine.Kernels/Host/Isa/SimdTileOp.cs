namespace Engine.Kernels.Host;

/// <summary>The op that is one job.</summary>
/// <param name="tiles">Number of tiles.</param>
/// <param name="job">What a tile is.</param>
internal readonly struct SimdTileOp<TJob>(int tiles, TJob job) : ISimdOp
    where TJob : unmanaged, ISimdJob
{
    public void Run<TIsa, TVector>(WorkerPool pool, HostWorkspace workspace)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : unmanaged => pool.Run(tiles, new SimdTileJob<TJob, TIsa, TVector>(job));
}
