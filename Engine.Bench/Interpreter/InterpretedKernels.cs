using System;
using System.Collections.Concurrent;
using System.Threading;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>
/// The kernels of an architecture as the interpreter runs them, each compiled once per process: that takes longer than most launches.
/// Compiled kernels know nothing of a device, save where their module's variables lie in its memory.
/// </summary>
internal sealed class InterpretedKernels
{
    private static readonly ConcurrentDictionary<CudaArchitecture, InterpretedKernels> Architectures = [];

    // Lives as long as the process.
    private readonly Lazy<PtxCompiler> _compiler;
    private readonly Lock _compiling = new();
    private readonly ConcurrentDictionary<IDeviceKernel, Lazy<string>> _texts = [];
    private readonly ConcurrentDictionary<IDeviceKernel, Lazy<CompiledKernel?>> _compiled = [];

    private InterpretedKernels(CudaArchitecture architecture) =>
        _compiler = new Lazy<PtxCompiler>(() => new PtxCompiler(architecture));

    /// <summary>Those for an architecture, for example sm_80.</summary>
    public static InterpretedKernels For(CudaArchitecture architecture) =>
        Architectures.GetOrAdd(architecture, static architecture => new InterpretedKernels(architecture));

    /// <summary>The PTX text of a kernel.</summary>
    public string Text(IDeviceKernel kernel) => _texts.GetOrAdd(kernel, kernel => new Lazy<string>(() => Compile(kernel))).Value;

    /// <summary>A kernel ready to launch on a device with a memory.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="memory">Where variables of the module are allocated, if it has some.</param>
    public CompiledKernel Load(IDeviceKernel kernel, GlobalMemory memory) =>
        _compiled.GetOrAdd(kernel, kernel => new Lazy<CompiledKernel?>(() => Shared(kernel))).Value
        ?? KernelCompiler.Compile(PtxModule.Parse(Text(kernel)), memory);

    private CompiledKernel? Shared(IDeviceKernel kernel)
    {
        CompiledKernel compiled = KernelCompiler.Compile(PtxModule.Parse(Text(kernel)), new GlobalMemory());
        return compiled.HasVariables ? null : compiled;
    }

    private string Compile(IDeviceKernel kernel)
    {
        lock (_compiling)
        {
            return _compiler.Value.Compile(kernel);
        }
    }
}
