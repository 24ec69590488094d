using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;
using Engine.Kernels.Reference;
using Xunit;

namespace Engine.Tests;

/// <summary>Every small op case on every backend present.</summary>
public sealed class OpCaseTests(HostBackends backends) : IClassFixture<HostBackends>
{
    public static IEnumerable<TheoryDataRow<string>> Cases => OpCases.Small.Select(opCase => new TheoryDataRow<string>(opCase.ToString()));

    public static IEnumerable<TheoryDataRow<HostIsa, string>> HostCases =>
        from isa in Enum.GetValues<HostIsa>()
        from opCase in OpCases.Small
        select new TheoryDataRow<HostIsa, string>(isa, opCase.ToString());

    [Theory]
    [MemberData(nameof(HostCases))]
    public void Host_EveryCase_MatchesReference(HostIsa isa, string name)
    {
        CaseResult result = OpCaseComparison.WithReference(OpCases.Find(name), backends.Get(isa, threads: 2));
        Assert.True(result.Passed, result.ToString());
    }

    [Theory]
    [MemberData(nameof(HostCases))]
    public void Host_OneAndTwoThreads_GiveTheSameBits(HostIsa isa, string name)
    {
        string? difference = OpCaseComparison.FindBitDifference(
            OpCases.Find(name), backends.Get(isa, threads: 1), backends.Get(isa, threads: 2));
        Assert.Null(difference);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_SinglePrecision_MatchesDoublePrecision(string name)
    {
        using ReferenceBackend single = new(DType.F32);
        using ReferenceBackend exact = new(DType.F64);
        CaseResult result = OpCaseComparison.Between(OpCases.Find(name), single, exact);
        Assert.True(result.Passed, result.ToString());
    }
}
