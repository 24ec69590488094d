using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Bench;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Ops that memory bounds touch whole sectors and move sixteen bytes at a time, where their operands are aligned.</summary>
[Trait("Category", "Device")]
public sealed class MemoryBoundOpTests
{
    private const double LeastShare = 0.01;

    private static readonly string[] Products = ["gemm", "attention", "attention_backward"];

    /// <summary>Ops of which less than <see cref="LeastVectors"/> of the sectors are touched by vectors, and why.</summary>
    private static readonly Dictionary<string, string> Scalar = new()
    {
        ["squared_error"] = "as many elements as a batch has samples",
        ["arg_max"] = "a pair of value and column per element; of generation alone",
        ["embed_tokens_backward"] = "most accesses are those of indices, by which rows are found",
        ["scatter_rows"] = "rows are found by their indices",
        ["assemble_tokens_backward"] = "sums over the samples are a thread per column",
    };

    private const double LeastVectors = 0.8;

    public static IEnumerable<TheoryDataRow<string, string>> Variants =>
        from op in KernelOps.All
        where !Products.Contains(op.Name)
        from variant in op.Variants(new KernelSizes(1))
        where !variant.Case.Unaligned
        select new TheoryDataRow<string, string>(op.Name, variant.Name);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sectors_AlignedOperands_AreNoMoreThanTheirBytesFill(string op, string variant)
    {
        (string Kernel, CountedAccess Access)[] accesses = Run(op, variant);
        long all = accesses.Sum(static access => access.Access.Counters.GlobalSectors);
        Assert.True(all > 0);
        Assert.InRange(all, 1, 1.01 * accesses.Sum(static access => access.Access.Counters.GlobalIdealSectors));
        Assert.Empty(
            from access in accesses
            let counters = access.Access.Counters
            where counters.GlobalSectors > LeastShare * all && counters.GlobalSectors > counters.GlobalIdealSectors
            select $"{access.Kernel}, {access.Access.Mnemonic}: {counters.GlobalSectors} instead of {counters.GlobalIdealSectors} sectors");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sectors_AlignedOperands_AreTouchedByVectors(string op, string variant)
    {
        (string Kernel, CountedAccess Access)[] accesses = Run(op, variant);
        double all = accesses.Sum(static access => access.Access.Counters.GlobalSectors);
        double vectors = accesses
            .Where(static access => access.Access.Mnemonic.Contains(".v", StringComparison.Ordinal))
            .Sum(static access => access.Access.Counters.GlobalSectors);
        Assert.Equal(Scalar.ContainsKey(op), vectors / all < LeastVectors);
    }

    private static (string Kernel, CountedAccess Access)[] Run(string op, string variant)
    {
        KernelVariant found = KernelOps.All.Single(one => one.Name == op).Variants(new KernelSizes(1)).Single(one => one.Name == variant);
        using InterpretedDevice device = new(
            CudaArchitecture.SM_80, new LaunchOptions { CollectCounters = true, HostThreads = 2 }, multiprocessors: 108);
        VariantResult result = VariantComparison.Run(found, device.Backend);
        Assert.Null(result.Problem);
        return
        [
            .. from launch in device.Launcher.Reports
               from access in launch.Report.Accesses
               select (launch.Kernel, access),
        ];
    }
}
