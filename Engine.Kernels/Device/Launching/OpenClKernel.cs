using System;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>Loads kernels on OpenCL, with <see cref="StableNames"/>.</summary>
internal static class OpenClKernel
{
    /// <summary>Compiles and loads a kernel.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Launches it on a stream.</returns>
    public static Action<AcceleratorStream, KernelConfig, TArgs> Load<TArgs>(CLAccelerator accelerator, DeviceKernel<TArgs> kernel)
        where TArgs : struct
    {
        CLCompiledKernel compiled = (CLCompiledKernel)accelerator.Backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), kernel.Specialization);
        CLCompiledKernel renamed = new(
            compiled.Context,
            (SeparateViewEntryPoint)EntryPointOf(compiled),
            compiled.Info,
            StableNames.OfOpenCl(compiled.Source),
            compiled.CVersion);
        return accelerator.LoadKernel(renamed).CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TArgs>>();
    }

    // ILGPU takes an entry point from whoever makes a compiled kernel, but does not show that of one it made itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint EntryPointOf(CompiledKernel kernel);
}
