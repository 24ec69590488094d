using System.Linq;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>How attention's kernels use memory on a CUDA device, counted by the interpreter of PTX.</summary>
public sealed class InterpretedAttentionTests
{
    [Theory]
    [Trait("Category", "Device")]
    [InlineData(50, false)]
    [InlineData(70, true)]
    public void Ptx_PackedHeadsOf64_AccessMemoryWithoutConflicts(int tokens, bool causal)
    {
        AttentionVariant variant = new()
        {
            Batch = 1, Heads = 2, Queries = tokens, Keys = tokens, HeadSize = 64, Causal = causal, Packed = true,
        };
        using InterpretedCudaFixture device = new(CudaArchitecture.SM_80, new LaunchOptions { CollectCounters = true });
        foreach (OpCase opCase in new[] { variant.ToForwardCase(), variant.ToBackwardCase() })
        {
            CaseResult result = OpCaseComparison.WithReference(opCase, device.Backend);
            Assert.True(result.Passed, result.ToString());
        }

        Assert.Empty(device.Launcher.Findings());
        Assert.Equal(
            ["attention_aligned_narrow", "attention_key_gradient_aligned_narrow", "attention_query_gradient_aligned_narrow"],
            device.Launcher.Reports.Select(static launch => launch.Kernel).Distinct().Order());
        Assert.All(device.Launcher.Reports, static launch => Assert.All(launch.Report.Accesses, AssertWastesNothing));
    }

    private static void AssertWastesNothing(CountedAccess access)
    {
        AccessCounters counters = access.Counters;
        Assert.Equal(counters.SharedIdealWavefronts, counters.SharedWavefronts);
        if (access.Mnemonic.Contains(".v4", System.StringComparison.Ordinal))
        {
            Assert.Equal(counters.GlobalIdealSectors, counters.GlobalSectors);
        }
        else
        {
            // Numbers per query: lanes that share a row read the same one, which takes fewer sectors than side by side.
            Assert.InRange(counters.GlobalSectors, 0, counters.GlobalIdealSectors);
        }
    }
}
