using System;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>Compiles kernels to PTX for any architecture, without a GPU or a driver.</summary>
internal sealed class PtxCompiler : IDisposable
{
    private readonly Context _context;
    private readonly PTXBackend _backend;

    /// <param name="architecture">For example sm_80.</param>
    public PtxCompiler(CudaArchitecture architecture)
    {
        _context = DeviceContext.Create(static builder => builder.CPU());
        _backend = new PTXBackend(_context, architecture, CudaInstructionSet.ISA_78, null!);
    }

    /// <summary>The PTX text of one kernel.</summary>
    public string Compile(IDeviceKernel kernel) =>
        ((PTXCompiledKernel)_backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), kernel.Specialization)).PTXAssembly;

    /// <inheritdoc/>
    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }
}
