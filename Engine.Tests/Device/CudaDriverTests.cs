using System;
using System.Runtime.InteropServices;
using Engine.Kernels;
using Engine.Kernels.Device;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Device")]
[Collection(DeviceCollection.Name)]
public sealed class CudaDriverTests(DeviceFixture device)
{
    [Fact]
    public void Resources_WithoutDriver_SaySo()
    {
        Assert.SkipWhen(HasDriver(), "There is an NVIDIA driver here.");
        string message = Assert.Throws<BackendException>(static () => CudaDriver.Resources(0)).Message;
        Assert.StartsWith("cuFuncGetAttribute: there is no NVIDIA driver, or it is too old: ", message, StringComparison.Ordinal);
        message = Assert.Throws<BackendException>(static () => CudaDriver.AllowDynamicShared(0, 1)).Message;
        Assert.StartsWith("cuFuncSetAttribute: there is no NVIDIA driver", message, StringComparison.Ordinal);
        Assert.Equal(0, CudaDriver.MaxSharedBytesPerGroup(0));
    }

    [Fact]
    public void Inspect_DeviceOfAnotherKind_IsRefused()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend { Info.Kind: BackendKind.OpenCl }, "The device is not an OpenCL device.");
        string message = Assert.Throws<BackendException>(() => ((DeviceBackend)device.Backend).Inspect(AxpyKernel.Kernel)).Message;
        Assert.Contains("only NVIDIA's driver tells registers and spills", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Cuda_GivesResources()
    {
        Assert.SkipUnless(device.Backend is DeviceBackend { Info.Kind: BackendKind.Cuda }, "The device is not a CUDA device.");
        (KernelResources resources, int groups) = ((DeviceBackend)device.Backend).Inspect(AxpyKernel.Kernel);
        Assert.InRange(resources.Registers, 1, 255);
        Assert.Equal((0, 0), (resources.LocalBytes, resources.SharedBytes));
        Assert.InRange(resources.MaxThreads, AxpyKernel.Kernel.GroupSize, 1024);
        Assert.InRange(groups, 1, 32);
    }

    private static bool HasDriver() => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _);
}
