using System.Collections.Generic;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>
/// Every small op case on the instruction set that the environment leaves: test.sh runs this class again with AVX-512 and with AVX2
/// switched off in the runtime, where <see cref="System.Numerics.Vector{T}"/> is narrower too.
/// </summary>
[Trait("Category", "Ops")]
public sealed class ChosenIsaTests(HostBackends backends) : IClassFixture<HostBackends>
{
    public static IEnumerable<TheoryDataRow<string>> Cases => OpCaseTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Host_EveryCase_MatchesReference(string name)
    {
        CaseResult result = OpCaseComparison.WithReference(OpCases.Find(name), backends.Get(HostIsaProbe.Choose(), threads: 2));
        Assert.True(result.Passed, result.ToString());
    }
}
