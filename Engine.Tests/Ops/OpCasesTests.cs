using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Xunit;

namespace Engine.Tests;

/// <summary>The table itself.</summary>
public sealed class OpCasesTests
{
    [Fact]
    public void All_Names_AreUnique()
    {
        IEnumerable<IGrouping<string, OpCase>> byName = OpCases.All.GroupBy(opCase => opCase.ToString());
        Assert.All(byName, group => Assert.Single(group));
    }

    [Fact]
    public void All_EveryOpOfTheContract_HasSmallAndLargeCases()
    {
        // Upload is part of the download cases.
        string[] ops =
        [
            .. typeof(IBackend).GetInterfaces().Where(family => family.Namespace == typeof(IBackend).Namespace)
                .SelectMany(family => family.GetMethods()).Select(method => method.Name).Where(name => name != "Upload"),
        ];
        Assert.All(ops, op => Assert.Contains(OpCases.Small, opCase => opCase.Op == op));
        Assert.All(ops, op => Assert.Contains(OpCases.Large, opCase => opCase.Op == op));
    }

    [Fact]
    public void Large_EveryCase_CountsItsBytes() => Assert.All(OpCases.Large, opCase => Assert.True(opCase.Bytes > 0));

    [Fact]
    public void Bytes_AdamW_Are28PerParameter()
    {
        OpCase opCase = OpCases.Large.Single(candidate => candidate.Op == "AdamW");
        Assert.Equal(28 * opCase.Operands[0].Shape.ElementCount, opCase.Bytes);
    }

    [Fact]
    public void Find_UnknownName_Throws() => Assert.Throws<KeyNotFoundException>(() => OpCases.Find("Gemm of nothing"));
}
