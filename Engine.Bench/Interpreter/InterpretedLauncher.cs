using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;
using Engine.PtxInterpreter;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>Runs kernels as the PTX that a GPU would get, on the interpreter. Memory is that of ILGPU's processor accelerator, and each
/// launch sees the views among its arguments and nothing else, so that an access beside them is a fault.</summary>
internal sealed class InterpretedLauncher : IKernelLauncher
{
    private readonly PtxCompiler _compiler;
    private readonly PtxDevice _device = new();
    private readonly Dictionary<IDeviceKernel, CompiledKernel> _compiled = [];
    private readonly LaunchOptions _options;
    private readonly Func<string, string> _mutation;

    /// <param name="architecture">For example sm_80.</param>
    /// <param name="options">How to run.</param>
    /// <param name="mutation">What becomes of the text of every kernel before it runs.</param>
    public InterpretedLauncher(CudaArchitecture architecture, LaunchOptions options, Func<string, string>? mutation = null)
    {
        _mutation = mutation ?? (static text => text);
        _compiler = new PtxCompiler(architecture);
        _options = options;
    }

    /// <summary>Reports of all launches since the list was cleared.</summary>
    public List<(string Kernel, LaunchReport Report)> Reports { get; } = [];

    /// <inheritdoc/>
    /// <exception cref="BackendException">The kernel does not compile, or does what would stop a GPU.</exception>
    public void Launch<TArgs>(DeviceKernel<TArgs> kernel, Index3D grid, in TArgs args)
        where TArgs : struct
    {
        if (grid.Size == 0)
        {
            return;
        }

        if (!_compiled.TryGetValue(kernel, out CompiledKernel? compiled))
        {
            compiled = Compile(kernel);
            _compiled.Add(kernel, compiled);
        }

        byte[] parameters = KernelParameters.Pack(args, out IReadOnlyList<(nint Address, long Bytes, string Name)> views);
        foreach ((nint address, long bytes, string name) in views)
        {
            _device.Memory.Map(address, bytes, name);
        }

        try
        {
            Dim3 blocks = new(grid.X, grid.Y, grid.Z);
            Dim3 group = new(kernel.GroupSize);
            Reports.Add((kernel.Name, _device.Run(compiled, blocks, group, _options, kernel.DynamicSharedBytes, parameters)));
        }
        catch (PtxException exception)
        {
            throw new BackendException($"{kernel.Name}: {exception.Message}", exception);
        }
        finally
        {
            foreach ((nint address, long bytes, _) in views)
            {
                _device.Memory.Unmap(address, bytes);
            }
        }
    }

    /// <summary>Everything that the launches since the list was cleared were found to do wrong.</summary>
    public IEnumerable<string> Findings() =>
        from launch in Reports
        from finding in launch.Report.Findings
        select $"{launch.Kernel}: {finding}";

    /// <summary>How often somebody has waited for the device. Launches have ended when they return, so it means nothing else.</summary>
    public int Waits { get; private set; }

    /// <inheritdoc/>
    public void Synchronize() => Waits++;

    /// <inheritdoc/>
    public void Dispose() => _compiler.Dispose();

    private CompiledKernel Compile<TArgs>(DeviceKernel<TArgs> kernel)
        where TArgs : struct
    {
        try
        {
            return KernelCompiler.Compile(PtxModule.Parse(_mutation(_compiler.Compile(kernel))), _device.Memory);
        }
        catch (Exception exception) when (exception is InternalCompilerException or PtxException)
        {
            throw new BackendException($"{kernel.Name} does not compile: {exception.Message}", exception);
        }
    }
}
