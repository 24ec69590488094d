namespace Engine.Kernels.Host;

/// <summary>A kernel bound to one instruction set, in the form that the worker pool runs.</summary>
internal struct SimdTileJob<TJob, TIsa, TVector> : ITileJob
    where TJob : unmanaged, ISimdJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    private TJob _job;

    public SimdTileJob(TJob job) => _job = job;

    public void Execute(int tile, int worker) => _job.Execute<TIsa, TVector>(tile, worker);
}
