using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>Host backends of every instruction set and number of threads, started when first asked for.</summary>
public sealed class HostBackends : IDisposable
{
    private readonly Dictionary<(HostIsa, int), HostBackend> _backends = [];

    /// <summary>The backend, or a skipped test if this processor lacks the instruction set.</summary>
    public IBackend Get(HostIsa isa, int threads)
    {
        Assert.SkipUnless(isa <= HostIsaProbe.Best, $"This processor supports {HostIsaProbe.Best} at most, not {isa}.");
        if (!_backends.TryGetValue((isa, threads), out HostBackend? backend))
        {
            backend = new HostBackend(threads, isa);
            _backends.Add((isa, threads), backend);
        }

        return backend;
    }

    public void Dispose()
    {
        foreach (HostBackend backend in _backends.Values)
        {
            backend.Dispose();
        }
    }
}
