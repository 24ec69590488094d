using System.Collections.Generic;
using System.Linq;
using Engine.Bench;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>Every variant of every op computes what the reference does, on the interpreter and on a device.</summary>
[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class KernelVariantTests(DeviceFixture device)
{
    public static IEnumerable<TheoryDataRow<string>> Names => KernelOps.All.Select(static op => new TheoryDataRow<string>(op.Name));

    public static IEnumerable<TheoryDataRow<string, string>> VariantNames =>
        from op in KernelOps.All
        from variant in op.Variants(new KernelSizes(1))
        select new TheoryDataRow<string, string>(op.Name, variant.Name);

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
    [MemberData(nameof(VariantNames))]
    public void Device_EveryVariantThatRuns_IsRight(string name, string variant) =>
        AssertRightOnDevice(Find(name).Variants(new KernelSizes(1)).Single(candidate => candidate.Name == variant));

    [Theory]
    [InlineData(35, 50, 33)]
    [InlineData(1, 300, 20)]
    public void Gemm_OddSizes_AreRight(int m, int n, int k)
    {
        KernelSizes sizes = new(1) { M = m, N = n, K = k };
        using InterpretedKernelBench bench = new("sm_90");
        Assert.All(bench.Run(Find("gemm"), sizes), static result => Assert.True(result.IsClean, Describe(result)));
        Assert.SkipUnless(device.Backend is DeviceBackend, "The device runs no kernels.");
        DeviceBackend backend = (DeviceBackend)device.Backend;
        Assert.All(
            Find("gemm").Variants(sizes).Where(variant => variant.RunsOn(backend.Traits)),
            variant => Assert.True(VariantComparison.Run(variant, backend).IsClean, variant.Name));
    }

    private static KernelOp Find(string name) => KernelOps.All.Single(op => op.Name == name);

    private static string Describe(VariantResult result) =>
        $"{result.Variant.Name}: {result.Problem} {string.Join('\n', result.Counts?.Findings ?? [])}";

    private void AssertRightOnDevice(KernelVariant variant)
    {
        Assert.SkipUnless(device.Backend is DeviceBackend, "The device runs no kernels.");
        DeviceBackend backend = (DeviceBackend)device.Backend;
        Assert.SkipUnless(variant.RunsOn(backend.Traits), "It is not for this kind of device.");
        VariantResult result = VariantComparison.Run(variant, backend);
        Assert.True(result.IsClean, Describe(result));
    }
}
