using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

/// <summary>A kernel's source is the same whatever was compiled before it, so that drivers know it again.</summary>
public sealed class OpenClKernelTests
{
    [Fact]
    public void WithStableNames_NamesNumberedOtherwise_GivesTheSameSource()
    {
        const string First = "struct type_85_kernel { float field_0; long field_1; }; L_85: var30.field_0 = 2.5f; goto L_85;";
        const string Second = "struct type_6859_kernel { float field_0; long field_1; }; L_6859: var30.field_0 = 2.5f; goto L_6859;";

        string stable = OpenClKernel.WithStableNames(First);

        Assert.Equal("struct type_0_kernel { float field_1; long field_2; }; L_0: var30.field_1 = 2.5f; goto L_0;", stable);
        Assert.Equal(stable, OpenClKernel.WithStableNames(Second));
    }

    [Fact]
    public void WithStableNames_DifferentNames_StayDifferent() => Assert.Equal(
        "type_0 a; type_1 b; type_0 c;", OpenClKernel.WithStableNames("type_7 a; type_0 b; type_7 c;"));

    [Fact]
    public void WithStableNames_LiteralsAndTypesOfOpenCl_StayAsTheyAre()
    {
        const string Source = "uint32_t x = 0x3f800000; float4 y = vload4(1, p); int64_t z = 12;";

        Assert.Equal(Source, OpenClKernel.WithStableNames(Source));
    }
}
