using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>Runs the large op cases on the host backend, and products also with OpenBLAS where it is installed.</summary>
public class OpBenchmarks : IDisposable
{
    private HostBackend? _backend;
    private PreparedCase? _prepared;
    private OpenBlas? _openBlas;

    /// <summary>What is measured.</summary>
    internal static IReadOnlyCollection<OpCase> Selected { get; set; } = [.. OpCases.Large];

    /// <summary>The case that is measured.</summary>
    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = string.Empty;

    /// <summary>Names of the selected cases.</summary>
    public static IEnumerable<string> Cases => Selected.Select(static opCase => opCase.ToString());

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _backend = new HostBackend();
        _prepared = new PreparedCase(OpCases.Find(Case), _backend);
        _openBlas = OpenBlas.TryLoad(_backend.Info.Threads);
    }

    /// <summary>The op.</summary>
    [Benchmark(Description = "engine")]
    public void Op() => _prepared!.Run();

    /// <summary>The product of the same operands, without the epilogue.</summary>
    [Benchmark(Description = "OpenBLAS")]
    public void OpenBlasProduct() => _openBlas!.Gemm(_prepared!.Product!.Value);

    /// <summary>Releases operands and threads.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _prepared?.Dispose();
        _backend?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The case of a benchmark.</summary>
    internal static OpCase CaseOf(BenchmarkCase benchmark) => OpCases.Find((string)benchmark.Parameters[nameof(Case)]);

    /// <summary>Whether there is anything to measure: OpenBLAS computes float32 products, where it is installed.</summary>
    internal static bool IsMeasured(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethod.Name == nameof(Op)
        || (OpenBlas.IsInstalled && CaseOf(benchmark) is { Product: not null } opCase
            && opCase.Operands.All(static operand => operand.Stored is null or DType.F32));
}
