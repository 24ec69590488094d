using System.Numerics;
using System.Runtime.Intrinsics;

namespace Engine.Kernels.Host;

/// <content>The one place where a kernel meets its instruction set, and the memory that kernels borrow.</content>
public sealed unsafe partial class HostBackend
{
    private readonly WorkerScratch _scratch = new();

    private void Run<TJob>(int tiles, TJob job)
        where TJob : unmanaged, ISimdJob
    {
        switch (_isa)
        {
            case HostIsa.Avx512:
                _pool.Run(tiles, new SimdTileJob<TJob, Avx512Isa, Vector512<float>>(job));
                break;
            case HostIsa.Avx2:
                _pool.Run(tiles, new SimdTileJob<TJob, Avx2Isa, Vector256<float>>(job));
                break;
            default:
                _pool.Run(tiles, new SimdTileJob<TJob, PortableIsa, Vector<float>>(job));
                break;
        }
    }
}
