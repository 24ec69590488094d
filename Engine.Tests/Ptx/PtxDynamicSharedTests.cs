using System;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;

/// <summary>Shared memory that a launch gives beside what the kernel declares.</summary>
public sealed class PtxDynamicSharedTests
{
    [Fact]
    public void Run_DynamicShared_IsAsLargeAsTheLaunchSays()
    {
        const string Text = """
            .version 7.8 .target sm_80 .address_size 64
            .extern .shared .align 16 .b8 dynamic[];
            .visible .entry kernel(.param .u64 output)
            {
                .reg .b32 %r<8>; .reg .b64 %rd<8>;
                ld.param.u64 %rd1, [output]; mov.u32 %r1, %tid.x; shl.b32 %r2, %r1, 2; mov.u32 %r3, dynamic; add.u32 %r4, %r3, %r2;
                st.shared.u32 [%r4], %r1; bar.sync 0; sub.u32 %r5, 124, %r2; add.u32 %r5, %r3, %r5; ld.shared.u32 %r6, [%r5];
                mul.wide.u32 %rd2, %r1, 4; add.u64 %rd3, %rd1, %rd2; st.global.u32 [%rd3], %r6;
                ret;
            }
            """;
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Text);
        ulong output = device.Memory.Allocate(128);

        device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 128, output);

        Assert.Equal(PtxBody.Threads(i => 31 - i), device.Memory.Download<uint>(output));
        Assert.Throws<PtxExecutionException>(() => device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 124, output));
    }

    [Fact]
    public void Run_DynamicSharedBesideStatic_FollowsTheLastVariableAndHasOnePlace()
    {
        const string Text = """
            .version 7.8 .target sm_80 .address_size 64
            .extern .shared .align 16 .b8 dynamic[];
            .extern .shared .align 4 .b32 same[];
            .visible .entry kernel(.param .u64 output)
            {
                .reg .b32 %r<8>; .reg .b64 %rd<2>;
                .shared .align 4 .b8 first[20];
                ld.param.u64 %rd1, [output]; mov.u32 %r1, dynamic; mov.u32 %r2, first; sub.u32 %r3, %r1, %r2; st.global.u32 [%rd1], %r3;
                st.shared.u32 [dynamic + 4], %r3; ld.shared.u32 %r4, [same + 4]; st.global.u32 [%rd1 + 4], %r4;
                ret;
            }
            """;
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Text);
        ulong output = device.Memory.Allocate(2 * sizeof(uint));

        device.Run(kernel, new Dim3(1), new Dim3(1), new LaunchOptions(), 8, output);

        Assert.Equal([32u, 32], device.Memory.Download<uint>(output)[..2]);
    }

    [Theory]
    [InlineData("sm_80", 163)]
    [InlineData("sm_86", 99)]
    [InlineData("sm_90", 227)]
    public void Run_SharedMemory_EndsWithThatOfTheArchitecture(string target, int kilobytes)
    {
        const int StaticBytes = 16;
        string text = $$"""
            .version 7.8 .target {{target}} .address_size 64
            .extern .shared .align 16 .b8 dynamic[];
            .visible .entry kernel()
            {
                .reg .b32 %r<2>; .shared .align 16 .b8 fixed[{{StaticBytes}}];
                mov.u32 %r1, 0; st.shared.u32 [fixed], %r1; st.shared.u32 [dynamic], %r1;
                ret;
            }
            """;
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, text);
        int most = (kilobytes * 1024) - StaticBytes;

        device.Run(kernel, new Dim3(1), new Dim3(1), new LaunchOptions(), most);

        PtxException exception = Assert.Throws<PtxException>(
            () => device.Run(kernel, new Dim3(1), new Dim3(1), new LaunchOptions(), most + 1));
        Assert.Contains($"over the limit of {kilobytes * 1024}", exception.Message, StringComparison.Ordinal);
    }
}
