using System.Numerics;
using System.Runtime.Intrinsics;

namespace Engine.Kernels.Host;

/// <content>The one place where an op meets its instruction set.</content>
public sealed unsafe partial class HostBackend
{
    private void Run<TOp>(TOp op)
        where TOp : struct, ISimdOp
    {
        switch (_isa)
        {
            case HostIsa.Avx512:
                op.Run<Avx512Isa, Vector512<float>>(_pool, _workspace);
                break;
            case HostIsa.Avx2:
                op.Run<Avx2Isa, Vector256<float>>(_pool, _workspace);
                break;
            default:
                op.Run<PortableIsa, Vector<float>>(_pool, _workspace);
                break;
        }
    }

    private void Run<TJob>(int tiles, TJob job)
        where TJob : unmanaged, ISimdJob => Run(new SimdTileOp<TJob>(tiles, job));
}
