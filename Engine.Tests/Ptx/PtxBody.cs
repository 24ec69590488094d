using System;
using System.Linq;
using Engine.PtxInterpreter;

namespace Engine.Tests;


/// <summary>
/// Kernels of a few instructions, in one block. Before the body, %r1 holds the thread's index, %rd1 and %rd2 the addresses of input and
/// output, %rd4 and %rd5 those of the thread's words in them.
/// </summary>
internal static class PtxBody
{
    private const string Registers = ".reg .pred %p<4>; .reg .b16 %h<8>; .reg .b32 %r<32>; .reg .b64 %rd<16>; .reg .f32 %f<32>;";

    /// <summary>Compiles a body.</summary>
    public static CompiledKernel Compile(PtxDevice device, string body, string version = "7.8", string target = "sm_80")
    {
        string text = $$"""
            .version {{version}}
            .target {{target}}
            .address_size 64
            .visible .entry kernel(.param .u64 input, .param .u64 output)
            {
            {{Registers}}
            ld.param.u64 %rd1, [input]; ld.param.u64 %rd2, [output]; mov.u32 %r1, %tid.x; mul.wide.u32 %rd3, %r1, 4;
            add.s64 %rd4, %rd1, %rd3; add.s64 %rd5, %rd2, %rd3;
            {{body}}
            ret;
            }
            """;
        return KernelCompiler.Compile(PtxModule.Parse(text), device.Memory);
    }

    /// <summary>Compiles a body and runs it.</summary>
    public static (uint[] Output, LaunchReport Report) Run(
        string body, uint[] input, int outputs = 32, int threads = 32, LaunchOptions? options = null)
    {
        PtxDevice device = new();
        CompiledKernel kernel = Compile(device, body);
        ulong source = device.Memory.Upload<uint>(input, "input");
        ulong target = device.Memory.Allocate(outputs * sizeof(uint), "output");
        LaunchReport report = device.Run(kernel, new Dim3(1), new Dim3(threads), options ?? new LaunchOptions(), 0, source, target);
        return (device.Memory.Download<uint>(target), report);
    }

    /// <summary>A value for each thread.</summary>
    public static uint[] Threads(Func<uint, uint> value, int count = 32) =>
        [.. Enumerable.Range(0, count).Select(thread => value((uint)thread))];
}
