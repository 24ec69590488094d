using System.Collections.Generic;
using System.Linq;
using Engine.Bench;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>Every variant of every op computes what the reference does, on the interpreter and on an OpenCL device.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class KernelVariantTests(DeviceFixture openCl)
{
    private static readonly KernelSizes[] OddSizes =
        [new(1) { M = 35, N = 50, K = 33 }, new(1) { M = 1, N = 300, K = 20 }];

    public static IEnumerable<TheoryDataRow<string>> Names => KernelOps.All.Select(static op => new TheoryDataRow<string>(op.Name));

    [Fact]
    public void All_Names_AreUniqueAndTheSameForEverySize()
    {
        Assert.Equal(KernelOps.All.Count, KernelOps.All.Select(static op => op.Name).Distinct().Count());
        Assert.All(KernelOps.All, static op =>
        {
            string[] names = [.. op.Variants(new KernelSizes(1)).Select(static variant => variant.Name)];
            Assert.Equal(names.Distinct(), names);
            Assert.Equal(names, op.Variants(new KernelSizes(3)).Select(static variant => variant.Name));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Interpreter_EveryVariant_IsRightAndClean(string name)
    {
        using InterpretedKernelBench bench = new("sm_80");
        IReadOnlyList<VariantResult> results = bench.Run(Find(name), null);
        Assert.All(results, static result => Assert.True(result.IsClean, Describe(result)));
        Assert.All(results, static result => Assert.NotEmpty(result.Counts!.Kernels));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OpenCl_EveryVariantThatRuns_IsRight(string name) => AssertRightOnOpenCl(Find(name), new KernelSizes(1));

    [Fact]
    public void Gemm_OddSizes_AreRight()
    {
        using InterpretedKernelBench bench = new("sm_90");
        foreach (KernelSizes sizes in OddSizes)
        {
            Assert.All(bench.Run(Find("gemm"), sizes), static result => Assert.True(result.IsClean, Describe(result)));
            AssertRightOnOpenCl(Find("gemm"), sizes);
        }
    }

    private static KernelOp Find(string name) => KernelOps.All.Single(op => op.Name == name);

    private static string Describe(VariantResult result) =>
        $"{result.Variant.Name}: {result.Problem} {string.Join('\n', result.Counts?.Findings ?? [])}";

    private void AssertRightOnOpenCl(KernelOp op, KernelSizes sizes)
    {
        Assert.SkipUnless(openCl.Backend is DeviceBackend, "The device runs no kernels.");
        DeviceBackend device = (DeviceBackend)openCl.Backend;
        VariantResult[] results =
        [
            .. op.Variants(sizes).Where(variant => variant.RunsOn(device.Traits)).Select(variant => VariantComparison.Run(variant, device)),
        ];
        Assert.NotEmpty(results);
        Assert.All(results, static result => Assert.True(result.IsClean, Describe(result)));
    }
}
