using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>Every small op case through the PTX of every kernel it needs: right, and without a race, a read of unwritten shared memory, or
/// an
/// access outside its operands.</summary>
public sealed class InterpretedOpCaseTests(InterpretedCudaFixture device) : IClassFixture<InterpretedCudaFixture>
{
    public static IEnumerable<TheoryDataRow<string>> Cases => OpCases.Small.Select(opCase => new TheoryDataRow<string>(opCase.ToString()));

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(Cases))]
    public void Ptx_EveryCase_MatchesReferenceWithoutFinding(string name)
    {
        device.Launcher.Reports.Clear();
        CaseResult result = OpCaseComparison.WithReference(OpCases.Find(name), device.Backend);
        Assert.True(result.Passed, result.ToString());
        string findings = string.Join('\n', device.Launcher.Findings());
        Assert.True(findings.Length == 0, findings);
    }
}
