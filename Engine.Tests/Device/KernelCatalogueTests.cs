using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Engine.Bench;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

public sealed class KernelCatalogueTests(PtxCompilersFixture compilers) : IClassFixture<PtxCompilersFixture>
{
    public static IEnumerable<TheoryDataRow<string>> Names =>
        KernelCatalogue.All.Select(static kernel => new TheoryDataRow<string>(kernel.Name));

    [Fact]
    public void All_Names_AreUniqueAndSorted()
    {
        string[] names = [.. KernelCatalogue.All.Select(static kernel => kernel.Name)];
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void All_KernelsOfPlainTypes_AreComplete()
    {
        IDeviceKernel[] declared =
        [
            .. DeclaringTypes().Where(static type => !type.IsGenericTypeDefinition)
                .SelectMany(KernelFields)
                .Select(static field => (IDeviceKernel)field.GetValue(null)!),
        ];
        Assert.True(declared.Length > 10);
        Assert.Empty(declared.Except(KernelCatalogue.All).Select(static kernel => kernel.Name));
    }

    [Fact]
    public void All_GenericTypes_HaveInstances()
    {
        HashSet<Type> listed = [.. KernelCatalogue.All.Select(static kernel => kernel.Method.DeclaringType!)
            .Where(static type => type.IsGenericType)
            .Select(static type => type.GetGenericTypeDefinition())];
        Assert.Empty(DeclaringTypes().Where(static type => type.IsGenericTypeDefinition).Except(listed).Select(static type => type.Name));
    }

    [Theory]
    [Trait("Category", "Device")]
    [MemberData(nameof(Names))]
    public void Kernel_EveryArchitecture_CompilesToTheSamePlainCode(string name)
    {
        PtxText[] texts = [.. compilers.Compile(KernelCatalogue.Find(name)!)];

        // Tensor-core kernels fetch one address through memory of the thread, before their loop: tests of their PTX.
        bool usesTensorCores = name.Contains("_tensor_", StringComparison.Ordinal);
        Assert.All(texts, usesTensorCores ? static text => text.AssertStandsAlone() : static text => text.AssertIsPlain());

        // Kernels are run as PTX for one architecture or the other: what was seen of one holds for both.
        Assert.Equal(texts[0].Body, texts[1].Body);
        Assert.Equal(["sm_80", "sm_90"], texts.Select(static text => text.Target));
    }

    [Fact]
    [Trait("Category", "Device")]
    public void Bench_Kernels_CompileToPlainCode()
    {
        IDeviceKernel[] kernels =
        [
            .. DeclaringTypes(typeof(KernelOps).Assembly).SelectMany(KernelFields)
                .Select(static field => (IDeviceKernel)field.GetValue(null)!),
        ];
        Assert.Contains(NaiveGemmKernel.Kernel, kernels);
        Assert.All(kernels.SelectMany(compilers.Compile), static text => text.AssertIsPlain());
    }

    private static IEnumerable<Type> DeclaringTypes() => DeclaringTypes(typeof(IDeviceKernel).Assembly);

    private static IEnumerable<Type> DeclaringTypes(Assembly assembly) =>
        assembly.GetTypes().Where(static type => KernelFields(type).Any());

    private static IEnumerable<FieldInfo> KernelFields(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(static field => typeof(IDeviceKernel).IsAssignableFrom(field.FieldType));
}
