using System;
using System.Linq;
using System.Runtime.InteropServices;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using Xunit;

namespace Engine.Tests;

/// <summary>The interpreter refuses parameter blocks of another size than the kernel's: every launch there tests the layout too.</summary>
public sealed class ParameterPackerTests
{
    [Fact]
    public void Pack_ViewsAndNumbers_LieAsInCWithoutAllocation()
    {
        using Context context = DeviceContext.Create(static builder => builder.CPU());
        using Accelerator accelerator = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
        using MemoryBuffer1D<double, Stride1D.Dense> memory = accelerator.Allocate1D<double>(10);
        ArrayView<double> view = memory.View.AsContiguous().SubView(3, 5);
        Outer args = new() { First = 1, Inner = new Inner { View = view, Small = 2, Large = 3 }, Last = 4.5f, End = 6 };
        byte[] block = new byte[ParameterPacker<Outer>.Layout.SizeInBytes];
        AllocationAssert.None(() => ParameterPacker<Outer>.Pack(args, block));
        Assert.Equal(56, block.Length);
        Assert.Equal(1, BitConverter.ToInt32(block, 0));
        Assert.Equal((long)memory.NativePtr + (3 * sizeof(double)), BitConverter.ToInt64(block, 8));
        Assert.Equal(5, BitConverter.ToInt64(block, 16));
        Assert.Equal(2u, BitConverter.ToUInt32(block, 24));
        Assert.Equal(3, BitConverter.ToInt64(block, 32));
        Assert.Equal(4.5f, BitConverter.ToSingle(block, 40));
        Assert.Equal(6, BitConverter.ToInt64(block, 48));
        ParameterView described = Assert.Single(ParameterPacker<Outer>.Layout.Views);
        Assert.Equal((8, sizeof(double), "Outer.Inner.View"), (described.Offset, described.ElementBytes, described.Name));
    }

    [Fact]
    public void Pack_OtherSize_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => ParameterPacker<Inner>.Pack(default, new byte[8]));

    [Fact]
    public void Of_TypeThatKernelsDoNotTake_IsNamed()
    {
        string message = Assert.Throws<NotSupportedException>(static () => ParameterLayout.Of(typeof((bool, int)))).Message;
        Assert.StartsWith("ValueTuple`2.Item1: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void KernelNode_Size_IsThatOfTheDriver()
    {
        Assert.Equal(56, Marshal.SizeOf<CudaKernelNode>());
        Assert.Equal(40, (int)Marshal.OffsetOf<CudaKernelNode>(nameof(CudaKernelNode.Parameters)));
    }

    [Fact]
    public void Parameters_EveryKernel_HasViews() =>
        Assert.All(KernelCatalogue.All, static kernel => Assert.True(kernel.Parameters.Views.Any(), kernel.Name));

    internal struct Outer
    {
        public int First;
        public Inner Inner;
        public float Last;
        public long End;
    }

    internal struct Inner
    {
        public ArrayView<double> View;
        public uint Small;
        public long Large;
    }}
