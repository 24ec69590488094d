using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>Every small op case on an OpenCL device.</summary>
[Collection(DeviceCollection.Name)]
public sealed class DeviceOpCaseTests(DeviceFixture device)
{
    public static IEnumerable<TheoryDataRow<string>> Cases => OpCases.Small.Select(opCase => new TheoryDataRow<string>(opCase.ToString()));

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(Cases))]
    public void OpenCl_EveryCase_MatchesReference(string name)
    {
        CaseResult result = OpCaseComparison.WithReference(OpCases.Find(name), device.Backend);
        Assert.True(result.Passed, result.ToString());
    }
}
