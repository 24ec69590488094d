using System.Linq;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>Attention on an OpenCL device at the sizes that models have, against the host.</summary>
[Collection(DeviceCollection.Name)]
public sealed class DeviceAttentionTests(DeviceFixture device)
{
    [Theory]
    [Trait("Category", "Device")]
    [InlineData(2, 3, 50, 50, false)]
    [InlineData(1, 2, 197, 197, false)]
    [InlineData(1, 3, 128, 128, true)]
    [InlineData(1, 3, 1, 500, true)]
    public void OpenCl_SizesOfModels_MatchHost(int batch, int heads, int queries, int keys, bool causal)
    {
        AttentionVariant variant = new()
        {
            Batch = batch, Heads = heads, Queries = queries, Keys = keys, HeadSize = 64, Causal = causal, Packed = queries == keys,
        };
        using HostBackend host = new(2);
        CaseResult[] results =
        [
            .. new[] { variant.ToForwardCase(), variant.ToBackwardCase() }
                .Select(opCase => OpCaseComparison.Between(opCase, device.Backend, host)),
        ];
        Assert.All(results, result => Assert.True(result.Passed, result.ToString()));
    }
}
