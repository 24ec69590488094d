using System.Linq;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>A kernel's source is the same whatever was compiled before it, so that drivers know it again.</summary>
public sealed class StableNamesTests
{
    [Fact]
    public void OfOpenCl_NamesNumberedOtherwise_GivesTheSameSource()
    {
        const string First = "struct type_85_kernel { float field_0; long field_1; }; L_85: var30.field_0 = 2.5f; goto L_85;";
        const string Second = "struct type_6859_kernel { float field_0; long field_1; }; L_6859: var30.field_0 = 2.5f; goto L_6859;";

        string stable = StableNames.OfOpenCl(First);

        Assert.Equal("struct type_0_kernel { float field_1; long field_2; }; L_0: var30.field_1 = 2.5f; goto L_0;", stable);
        Assert.Equal(stable, StableNames.OfOpenCl(Second));
    }

    [Fact]
    public void OfOpenCl_DifferentNames_StayDifferent() => Assert.Equal(
        "type_0 a; type_1 b; type_0 c;", StableNames.OfOpenCl("type_7 a; type_0 b; type_7 c;"));

    [Fact]
    public void OfOpenCl_LiteralsAndTypesOfOpenCl_StayAsTheyAre()
    {
        const string Source = "uint32_t x = 0x3f800000; float4 y = vload4(1, p); int64_t z = 12;";

        Assert.Equal(Source, StableNames.OfOpenCl(Source));
    }

    [Theory]
    [InlineData("layer_norm")]
    [InlineData("attention_tensor_bf16_aligned")]
    [InlineData("gemm_tensor_tf32_128x256_depth_rows")]
    public void OfPtx_OthersCompiledBefore_IsTheSame(string name)
    {
        IDeviceKernel kernel = KernelCatalogue.All.Single(kernel => kernel.Name == name);
        using PtxCompiler first = new(CudaArchitecture.SM_80);
        using PtxCompiler second = new(CudaArchitecture.SM_80);
        string alone = first.Compile(kernel);
        _ = second.Compile(KernelCatalogue.All[0]);
        string later = second.Compile(kernel);

        Assert.NotEqual(alone, later);
        Assert.Equal(StableNames.OfPtx(alone), StableNames.OfPtx(later));
    }

    [Fact]
    public void OfPtx_NamesOfOthers_StayAsTheyAre() => Assert.Equal(
        ".target sm_80 .param .b8 _args_0[8] __shared_alloca0[16] %r12, 0f3F800000 [_args_0+8] bra L_1; L_1: L_2: %rd7",
        StableNames.OfPtx(
            ".target sm_80 .param .b8 _args_99[8] __shared_alloca0[16] %r12, 0f3F800000 [_args_99+8] bra L_231; L_231: L_77: %rd7"));
}
