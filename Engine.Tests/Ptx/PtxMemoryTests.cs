using System;
using System.Runtime.InteropServices;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Buffers of the device and mapped memory of the host.</summary>
public sealed unsafe class PtxMemoryTests : IDisposable
{
    private const int Words = 64;
    private const int Bytes = Words * sizeof(uint);

    private readonly PtxDevice _device = new();
    private readonly uint* _words = (uint*)NativeMemory.AlignedAlloc(Bytes, 64);

    public PtxMemoryTests()
    {
        for (int i = 0; i < Words; i++)
        {
            _words[i] = (uint)i;
        }
    }

    private nint Address => (nint)_words;

    public void Dispose() => NativeMemory.AlignedFree(_words);

    [Fact]
    public void Map_HostMemory_IsReadAndWrittenInPlace()
    {
        _device.Memory.Map(Address, Bytes, "words");

        Run("ld.global.u32 %r2, [%rd4]; add.u32 %r2, %r2, 100; st.global.u32 [%rd5+128], %r2;");

        Assert.Equal(PtxBody.Threads(i => i < 32 ? i : i - 32 + 100, Words), new ReadOnlySpan<uint>(_words, Words).ToArray());
    }

    [Fact]
    public void Map_HostMemory_IsReachedByGenericAddressesToo()
    {
        _device.Memory.Map(Address, Bytes, "words");

        Run(
            """
            .shared .align 4 .b8 s[128]; mov.u64 %rd8, s; cvta.shared.u64 %rd8, %rd8; add.u64 %rd8, %rd8, %rd3;
            ld.u32 %r2, [%rd4]; st.u32 [%rd8], %r2; ld.u32 %r3, [%rd8]; st.u32 [%rd5+128], %r3;
            """);

        Assert.Equal(PtxBody.Threads(i => i % 32, Words), new ReadOnlySpan<uint>(_words, Words).ToArray());
    }

    [Theory]
    [InlineData("ld.global.u32 %r2, [%rd4+129];", "misaligned")]
    [InlineData("ld.global.u32 %r2, [%rd4+132];", "256 bytes into words of 256")]
    [InlineData("ld.global.u32 %r2, [%rd4+-4];", "4 bytes before words of 256")]
    public void Run_AccessOutsideMappedMemory_StopsAndNamesTheNearest(string body, string message)
    {
        _device.Memory.Allocate(16, "other");
        _device.Memory.Map(Address, Bytes, "words");

        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(() => Run(body));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_OverlappingViews_AllowWhatAnyContains()
    {
        _device.Memory.Map(Address, Bytes, "whole");
        _device.Memory.Map(Address + 64, 16, "inner");
        _device.Memory.Map(Address + 64, 64, "longer");
        _device.Memory.Map(Address, 8, "start");

        Run("ld.global.u32 %r2, [%rd4]; ld.global.u32 %r2, [%rd4+128];");
        _device.Memory.Unmap(Address, Bytes);
        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(() => Run("ld.global.u32 %r2, [%rd4];"));

        Assert.Contains("bytes into start of 8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AccessAcrossTwoViews_StopsUnlessOneContainsIt()
    {
        const string Body = "ld.global.v2.u32 {%r2, %r3}, [%rd1+8];";
        _device.Memory.Map(Address, 12, "left");
        _device.Memory.Map(Address + 12, 100, "right");

        Assert.Throws<PtxExecutionException>(() => Run(Body));
        _device.Memory.Map(Address + 4, 12, "both");
        Run(Body);
    }

    [Fact]
    public void Unmap_MappedTwice_TakesBackOne()
    {
        _device.Memory.Map(Address, Bytes, "first");
        _device.Memory.Map(Address, Bytes, "second");

        _device.Memory.Unmap(Address, Bytes);
        Run("ld.global.u32 %r2, [%rd4];");
        _device.Memory.Unmap(Address, Bytes);

        Assert.Throws<PtxExecutionException>(() => Run("ld.global.u32 %r2, [%rd4];"));
        Assert.Throws<ArgumentException>(() => _device.Memory.Unmap(Address, Bytes));
    }

    [Fact]
    public void Unmap_OtherLength_Throws()
    {
        _device.Memory.Map(Address, Bytes, "words");

        Assert.Throws<ArgumentException>(() => _device.Memory.Unmap(Address, Bytes - 4));
    }

    [Fact]
    public void Download_NoBufferThere_Throws() => Assert.Throws<ArgumentException>(() => _device.Memory.Download<byte>(1));

    [Fact]
    public void Run_AccessBetweenBuffers_NamesTheNearest()
    {
        ulong first = _device.Memory.Allocate(1024, "first");
        _device.Memory.Allocate(1024, "second");
        CompiledKernel kernel = PtxBody.Compile(_device, "ld.global.u32 %r2, [%rd4];");

        PtxExecutionException fault = Assert.Throws<PtxExecutionException>(
            () => _device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, first + 1000, 0UL));

        Assert.Contains("1024 bytes into first of 1024", fault.Message, StringComparison.Ordinal);
    }

    private void Run(string body) => _device.Run(
        PtxBody.Compile(_device, body), new Dim3(1), new Dim3(32), new LaunchOptions(), 0, (ulong)Address, (ulong)Address);
}
