using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>Launches kernels through ILGPU, on one stream of an accelerator. Launching allocates nothing after a kernel's first
/// use.</summary>
internal sealed class AcceleratorLauncher : IKernelLauncher
{
    // ILGPU's compiler takes its users one by one.
    private const int PreparingThreads = 1;

    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly Lock _compiling = new();
    private readonly ConcurrentDictionary<IDeviceKernel, Lazy<Delegate>> _loaded = [];
    private readonly KernelPreparation _preparation;

    /// <param name="accelerator">Where kernels run.</param>
    /// <param name="stream">In which order.</param>
    public AcceleratorLauncher(Accelerator accelerator, AcceleratorStream stream)
    {
        _accelerator = accelerator;
        _stream = stream;
        _preparation = new KernelPreparation(kernel => Load(kernel), PreparingThreads);
    }

    /// <inheritdoc/>
    public Task Prepare(IReadOnlyList<IDeviceKernel> kernels) => _preparation.Start(kernels);

    /// <inheritdoc/>
    public void Launch<TArgs>(DeviceKernel<TArgs> kernel, Index3D grid, in TArgs args)
        where TArgs : struct
    {
        if (grid.Size == 0)
        {
            return;
        }

        if (kernel.DynamicSharedBytes > 0)
        {
            throw new BackendException(
                $"{_accelerator.Name.Trim()}: kernel '{kernel.Name}' needs {kernel.DynamicSharedBytes} bytes of shared memory from its "
                + "launch, which only launches through CUDA give.");
        }

        Delegate loaded = Load(kernel);
        try
        {
            ((Action<AcceleratorStream, KernelConfig, TArgs>)loaded)(
                _stream, new KernelConfig(grid, new Index3D(kernel.GroupSize, 1, 1)), args);
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In($"kernel '{kernel.Name}'", _accelerator, exception);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Every launch is enqueued at once.
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        try
        {
            _stream.Synchronize();
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In("work that was enqueued", _accelerator, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _preparation.Dispose();
        _loaded.Clear();
    }

    private Delegate Load(IDeviceKernel kernel)
    {
        if (!_loaded.TryGetValue(kernel, out Lazy<Delegate>? loaded))
        {
            loaded = _loaded.GetOrAdd(kernel, static (kernel, launcher) => new(() => launcher.Compile(kernel)), this);
        }

        return loaded.Value;
    }

    private Delegate Compile(IDeviceKernel kernel)
    {
        try
        {
            lock (_compiling)
            {
                return kernel.LoadOn(_accelerator);
            }
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In($"kernel '{kernel.Name}'", _accelerator, exception);
        }
    }
}
