using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>Runs the large op cases on the host backend.</summary>
public class OpBenchmarks : IDisposable
{
    private HostBackend? _backend;
    private PreparedCase? _prepared;

    /// <summary>Ops to measure; all if empty.</summary>
    internal static IReadOnlyCollection<string> Filter { get; set; } = [];

    /// <summary>The case that is measured.</summary>
    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = string.Empty;

    /// <summary>Names of the large cases.</summary>
    public static IEnumerable<string> Cases => OpCases.Large
        .Where(static opCase => Filter.Count == 0 || Filter.Contains(opCase.Op))
        .Select(static opCase => opCase.ToString());

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _backend = new HostBackend();
        _prepared = new PreparedCase(Find(Case), _backend);
    }

    /// <summary>The op.</summary>
    [Benchmark]
    public void Op() => _prepared!.Run();

    /// <summary>Releases operands and threads.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _prepared?.Dispose();
        _backend?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A large case by name.</summary>
    internal static OpCase Find(string name) => OpCases.Large.First(opCase => opCase.ToString() == name);
}
