using System;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using Xunit;

namespace Engine.Tests;

public sealed class AcceleratorLauncherTests
{
    [Fact]
    public void Launch_KernelWithDynamicSharedMemory_IsRefused()
    {
        using Context context = DeviceContext.Create(static builder => builder.CPU());
        using Accelerator accelerator = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
        using AcceleratorStream stream = accelerator.CreateStream();
        using AcceleratorLauncher launcher = new(accelerator, stream);
        DeviceKernel<int> kernel = new("greedy", static _ => { }, groupSize: 32, dynamicSharedBytes: 1 << 16);
        BackendException exception = Assert.Throws<BackendException>(() => launcher.Launch(kernel, new Index3D(1, 1, 1), 0));
        Assert.Contains("kernel 'greedy' needs 65536 bytes of shared memory", exception.Message, StringComparison.Ordinal);
    }
}
