using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;

namespace Engine.Tests;

/// <summary>The backends that golden tests run on. The host's instruction set follows FUSION_ISA and the runtime's switches.</summary>
internal static class TestBackends
{
    /// <summary>One at a time; the caller disposes each.</summary>
    public static IEnumerable<IBackend> All()
    {
        yield return new ReferenceBackend(DType.F64);
        yield return new HostBackend(threads: 2);
    }

    /// <summary>Runs a test on all of them.</summary>
    /// <param name="fixture">The fixture's name.</param>
    /// <param name="test">Compares a backend with the fixture.</param>
    public static void ForAll(string fixture, Action<FixtureFolder, IBackend> test)
    {
        foreach (IBackend backend in All())
        {
            using IBackend owned = backend;
            test(FixtureFolder.Named(fixture), backend);
        }
    }

    /// <summary>Tightens a tolerance where nothing is rounded to float32.</summary>
    public static double Scale(IBackend backend, double tolerance) => backend.Info.ComputeType == DType.F64 ? 1e-6 * tolerance : tolerance;
}
