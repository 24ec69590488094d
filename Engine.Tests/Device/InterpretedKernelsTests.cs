using System.Collections.Generic;
using System.Threading.Tasks;
using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>Interpreted kernels that devices share.</summary>
public sealed class InterpretedKernelsTests
{
    [Fact]
    public void Load_ManyDevicesAtOnce_OneKernelPerArchitecture()
    {
        CompiledKernel?[] loaded = new CompiledKernel?[8];
        Parallel.For(0, loaded.Length, i => loaded[i] = Load(CudaArchitecture.SM_80));
        Assert.All(loaded, kernel => Assert.Same(loaded[0], kernel));
        CompiledKernel newer = Load(CudaArchitecture.SM_90);
        Assert.NotSame(loaded[0], newer);
        Assert.True(newer.SharedLimit > loaded[0]!.SharedLimit);

        static CompiledKernel Load(CudaArchitecture architecture) =>
            InterpretedKernels.For(architecture).Load(SegmentSumKernel.Kernel, new GlobalMemory());
    }

    [Fact]
    public void Load_MutatedOnAnotherDevice_StaysAsItWas()
    {
        List<string> texts = [];
        using InterpretedQueue mutated = new(CudaArchitecture.SM_80, new LaunchOptions(), text =>
        {
            texts.Add(text);
            return "not PTX";
        });
        Assert.Throws<BackendException>(() => mutated.Load(SegmentSumKernel.Kernel));
        InterpretedKernels kernels = InterpretedKernels.For(CudaArchitecture.SM_80);
        Assert.Equal([kernels.Text(SegmentSumKernel.Kernel)], texts);
        Assert.Empty(kernels.Load(SegmentSumKernel.Kernel, new GlobalMemory()).Errors);
    }
}
