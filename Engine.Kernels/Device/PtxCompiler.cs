using System;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>
/// Compiles kernels to PTX for any architecture, without a GPU or a driver. On a device, ILGPU 1.5.3 writes the oldest architecture that has
/// all features it knows of, sm_80, as the target for every newer one, and the driver compiles that for the architecture it finds; the
/// instructions are the same. Here the target is the architecture asked for.
/// </summary>
internal sealed class PtxCompiler : IDisposable
{
    private readonly Context _context;
    private readonly PTXBackend _backend;

    /// <param name="architecture">For example sm_80.</param>
    public PtxCompiler(CudaArchitecture architecture)
    {
        _context = DeviceContext.Create(static builder => builder.CPU());
        CudaCapabilityContext capabilities = new(architecture);
        SetTargetArchitecture(capabilities, architecture);
        _backend = new PTXBackend(_context, capabilities, architecture, CudaInstructionSet.ISA_78, null);
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

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_TargetArchitecture")]
    private static extern void SetTargetArchitecture(CudaCapabilityContext capabilities, CudaArchitecture architecture);
}
