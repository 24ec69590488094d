using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Attention on tensor cores, its PTX run by the interpreter.</summary>
[Trait("Category", "Device")]
public sealed class InterpretedTensorAttentionTests
{
    [Theory]
    [InlineData(Precision.BFloat16, 50, false)]
    [InlineData(Precision.BFloat16, 150, true)]
    [InlineData(Precision.TensorFloat32, 50, false)]
    [InlineData(Precision.TensorFloat32, 150, true)]
    public void Probe(Precision precision, int tokens, bool causal)
    {
        AttentionVariant variant = new()
        {
            Batch = 1, Heads = 2, Queries = tokens, Keys = tokens, HeadSize = 64, Causal = causal, Packed = true,
        };
        using InterpretedCudaFixture device = new(
            CudaArchitecture.SM_80, new LaunchOptions { HostThreads = Environment.ProcessorCount }, precision);
        string text = "";
        foreach (OpCase opCase in new[] { variant.ToForwardCase(), variant.ToBackwardCase() })
        {
            CaseResult result = OpCaseComparison.WithReference(opCase, device.Backend);
            text += string.Join("\n", result.Errors) + "\n" + result.StrayWrite + "\n";
        }

        foreach (LaunchReport report in device.Launcher.Reports.Select(static launch => launch.Report))
        {
            text += string.Join("\n", report.Findings.Take(5).Select(static f => f.ToString())) + "\n";
            AccessCounters c = report.Counters;
            text += $"{c.SharedWavefronts} {c.SharedIdealWavefronts} {c.GlobalSectors} {c.GlobalIdealSectors} {report.TotalInstructions}\n";
            foreach (CountedAccess a in report.Accesses.Where(static a => a.Counters.SharedWavefronts != a.Counters.SharedIdealWavefronts
                || a.Counters.GlobalSectors > a.Counters.GlobalIdealSectors))
            {
                text += $"  {a.Mnemonic} {a.Counters.SharedWavefronts}/{a.Counters.SharedIdealWavefronts} {a.Counters.GlobalSectors}/{a.Counters.GlobalIdealSectors}\n";
            }
        }

        Assert.Fail(text);
    }
}
