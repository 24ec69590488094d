using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>The instruction sets to test, and backends that use them.</summary>
internal static class HostIsas
{
    public static TheoryData<HostIsa> All { get; } = new(HostIsa.Portable, HostIsa.Avx2, HostIsa.Avx512);

    /// <summary>A host backend, or a skipped test if the processor lacks the instruction set.</summary>
    public static HostBackend Create(HostIsa isa, int threads = 2)
    {
        if (isa > HostIsaProbe.Best)
        {
            Assert.Skip($"This processor supports {HostIsaProbe.Best}, not {isa}.");
        }

        return new HostBackend(threads, isa);
    }
}
