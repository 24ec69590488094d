using System;
using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Grids, parameters, and threads of the host.</summary>
public sealed class PtxLaunchTests
{
    // Each thread writes its place in the grid; only the blocks with %ctaid.x above 1 race.
    private const string Grid = """
        .version 7.8 .target sm_80 .address_size 64
        .visible .entry kernel(.param .b32 scale, .param .align 8 .b8 view[16])
        {
            .reg .pred %p<4>; .reg .b32 %r<32>; .reg .b64 %rd<16>;
            .shared .align 4 .b8 s[4];
            ld.param.u32 %r1, [scale]; ld.param.u64 %rd1, [view]; ld.param.u32 %r2, [view+8];
            mov.u32 %r3, %tid.x; mov.u32 %r4, %ctaid.x; mov.u32 %r5, %ntid.x; mad.lo.s32 %r6, %r4, %r5, %r3;
            mov.u32 %r7, %ctaid.y; mov.u32 %r8, %nctaid.x; mul.lo.s32 %r9, %r7, %r8; mad.lo.s32 %r6, %r9, %r5, %r6;
            setp.ge.u32 %p1, %r6, %r2; @%p1 bra E;
            mul.lo.s32 %r10, %r6, %r1; mul.wide.u32 %rd2, %r6, 4; add.s64 %rd3, %rd1, %rd2; st.global.u32 [%rd3], %r10;
            setp.gt.u32 %p2, %r4, 1; mov.u32 %r11, s;
            @%p2 st.shared.u32 [%r11], %r6;
        E:  ret;
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_HostThreads_DoNotChangeResultsFindingsOrCounters(int threads)
    {
        (uint[] output, LaunchReport report) = Run(new LaunchOptions { HostThreads = threads });
        (_, LaunchReport expected) = Run(new LaunchOptions());

        Assert.Equal(PtxBody.Threads(i => i < 500 ? i * 3 : 0, 512), output);
        Assert.Equal(expected.Findings.Select(finding => finding.ToString()), report.Findings.Select(finding => finding.ToString()));
        Assert.Contains("block (2,0,0)", Assert.Single(report.Findings).First, StringComparison.Ordinal);
        Assert.Equal(expected.Counters.GlobalSectors, report.Counters.GlobalSectors);
        Assert.Equal(expected.Instructions, report.Instructions);
        Assert.Equal(expected.TotalInstructions, report.TotalInstructions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_FaultsInSeveralBlocks_ReportsTheFirst(int threads)
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxBody.Compile(
            device,
            """
            mov.u32 %r2, %ctaid.x; setp.ge.u32 %p1, %r2, 5; @!%p1 bra E;
            mul.wide.u32 %rd6, %r2, 4096; ld.global.u32 %r3, [%rd6]; E:
            """);

        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(() => device.Run(
            kernel, new Dim3(40), new Dim3(32), new LaunchOptions { HostThreads = threads }, 0, 0UL, 0UL));

        Assert.Contains("0x5000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GlobalAtomics_ComeInOneOrderForAnyHostThreads()
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxBody.Compile(
            device,
            """
            mov.u32 %r2, %ctaid.x; cvt.rn.f32.u32 %f1, %r2; add.f32 %f1, %f1, 0f3DCCCCCD; rcp.rn.f32 %f1, %f1;
            red.global.add.f32 [%rd2], %f1;
            """);

        uint[] sums = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            ulong sum = device.Memory.Allocate(sizeof(float));
            device.Run(kernel, new Dim3(100), new Dim3(32), new LaunchOptions { HostThreads = threads }, 0, 0UL, sum);
            return device.Memory.Download<uint>(sum)[0];
        })];

        Assert.Single(sums.Distinct());
    }

    [Fact]
    public void Run_RawParameters_AreThoseOfArguments()
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Grid);
        ulong output = device.Memory.Allocate(512 * sizeof(uint));
        byte[] parameters = new byte[24];
        BitConverter.TryWriteBytes(parameters, 3);
        BitConverter.TryWriteBytes(parameters.AsSpan(8), output);
        BitConverter.TryWriteBytes(parameters.AsSpan(16), 500L);

        Assert.Equal(parameters, KernelArgument.Pack(kernel, 3, KernelArgument.View(output, 500)));
        device.Run(kernel, new Dim3(4, 2), new Dim3(64), new LaunchOptions(), 0, parameters);
        Assert.Equal(3u * 499, device.Memory.Download<uint>(output)[499]);
    }

    [Fact]
    public void Run_WrongArguments_Throws()
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Grid);

        Assert.Throws<PtxException>(() => device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, 3));
        Assert.Throws<PtxException>(() => device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, 3, 4UL));
        Assert.Throws<PtxException>(() => device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, new byte[20]));
    }

    [Fact]
    public void Run_DeviceFunction_IsInlined()
    {
        const string Text = """
            .version 7.8 .target sm_80 .address_size 64
            .func (.param .b32 result) triple(.param .b32 x)
            {
                .reg .pred %p<2>; .reg .b32 %r<4>;
                ld.param.b32 %r1, [x]; setp.gt.u32 %p1, %r1, 20; @%p1 bra BIG;
                mul.lo.s32 %r2, %r1, 3; st.param.b32 [result], %r2; ret;
            BIG: st.param.b32 [result], 0; ret;
            }
            .const .align 4 .b32 table[2] = {5, 7};
            .visible .entry kernel(.param .u64 output)
            {
                .reg .b32 %r<8>; .reg .b64 %rd<8>;
                ld.param.u64 %rd1, [output]; mov.u32 %r1, %tid.x;
                { .param .b32 a; .param .b32 b; st.param.b32 [a], %r1; call (b), triple, (a); ld.param.b32 %r2, [b]; }
                ld.const.u32 %r3, [table+4]; add.u32 %r2, %r2, %r3;
                mul.wide.u32 %rd2, %r1, 4; add.u64 %rd3, %rd1, %rd2; st.global.u32 [%rd3], %r2;
            }
            """;
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Text);
        ulong output = device.Memory.Allocate(128);

        device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, output);

        Assert.Equal(PtxBody.Threads(i => (i > 20 ? 0 : i * 3) + 7), device.Memory.Download<uint>(output));
        Assert.True(kernel.HasVariables);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(128, 32)]
    public void Counters_StridedLoads_CountSectors(int strideBytes, long sectors)
    {
        (_, LaunchReport report) = PtxBody.Run(
            $"mul.lo.u32 %r2, %r1, {strideBytes}; cvt.u64.u32 %rd6, %r2; add.u64 %rd6, %rd1, %rd6; ld.global.u32 %r3, [%rd6];",
            new uint[8 * strideBytes]);

        Assert.Equal(sectors, report.Counters.GlobalSectors);
        Assert.Equal(4, report.Counters.GlobalIdealSectors);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(8, 2)]
    [InlineData(128, 32)]
    public void Counters_StridedSharedStores_CountBankConflicts(int strideBytes, long wavefronts)
    {
        (_, LaunchReport report) = PtxBody.Run(
            $".shared .align 4 .b8 s[4096]; mov.u32 %r2, s; mad.lo.u32 %r3, %r1, {strideBytes}, %r2; st.shared.u32 [%r3], %r1;", [0]);

        Assert.Equal(wavefronts, report.Counters.SharedWavefronts);
        Assert.Equal(1, report.Counters.SharedIdealWavefronts);
    }

    private static (uint[] Output, LaunchReport Report) Run(LaunchOptions options)
    {
        PtxDevice device = new();
        CompiledKernel kernel = PtxSamples.Compile(device, Grid);
        ulong output = device.Memory.Allocate(512 * sizeof(uint));
        LaunchReport report = device.Run(
            kernel, new Dim3(4, 2), new Dim3(64), options, 0, 3, KernelArgument.View(output, 500));
        return (device.Memory.Download<uint>(output), report);
    }
}
