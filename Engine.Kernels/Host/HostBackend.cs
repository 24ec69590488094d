using System;
using System.Globalization;

namespace Engine.Kernels.Host;

/// <summary>SIMD C# on the processor: the default of an embedded engine. Computes in float32.</summary>
public sealed unsafe partial class HostBackend : IBackend
{
    private readonly WorkerPool _pool;
    private readonly HostIsa _isa;
    private readonly HostWorkspace _workspace = new();

    /// <summary>Starts the workers.</summary>
    /// <param name="threads">Number of workers; 0 for one per processor.</param>
    /// <exception cref="BackendException">FUSION_ISA names an instruction set that is not there.</exception>
    public HostBackend(int threads = 0)
        : this(threads, HostIsaProbe.Choose())
    {
    }

    /// <summary>Starts the workers and uses the given instruction set.</summary>
    /// <param name="threads">Number of workers; 0 for one per processor.</param>
    /// <param name="isa">At most <see cref="HostIsaProbe.Best"/>.</param>
    /// <exception cref="BackendException">The processor lacks the instruction set.</exception>
    public HostBackend(int threads, HostIsa isa)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (isa > HostIsaProbe.Best)
        {
            throw new BackendException($"The host backend cannot use {isa}; this processor supports {HostIsaProbe.Best}.");
        }

        _isa = isa;
        _pool = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
        string name = isa switch { HostIsa.Avx512 => "AVX-512", HostIsa.Avx2 => "AVX2", _ => "portable SIMD" };
        Info = new BackendInfo(
            "host",
            BackendKind.Host,
            string.Create(CultureInfo.InvariantCulture, $"{name}, {_pool.Workers} threads"),
            _pool.Workers,
            DType.F32);
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <inheritdoc/>
    public Arena CreateArena(string name, long byteLength) => new(new NativeBuffer(name, byteLength));

    /// <inheritdoc/>
    public void Synchronize()
    {
        // Ops have finished when they return.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _workspace.Dispose();
    }

    /// <summary>Address of the first element of a float32 operand; null for "no tensor".</summary>
    private static float* Floats(in TensorRef tensor)
    {
        if (tensor.IsNone)
        {
            return null;
        }

        return tensor.DType == DType.F32
            ? (float*)Bytes(tensor)
            : throw new OperandException($"The host backend computes in F32, found {tensor}.");
    }

    /// <summary>Address of the first element of an int32 operand.</summary>
    private static int* Ints(in TensorRef tensor) => tensor.DType == DType.I32
        ? (int*)Bytes(tensor)
        : throw new OperandException($"Expected an I32 operand, found {tensor}.");

    private static byte* Bytes(in TensorRef tensor) => tensor.Buffer is HostMemory memory
        ? memory.Address + tensor.ByteOffset
        : throw new OperandException(
            $"The host backend reads host memory, found {tensor} in {tensor.Buffer?.GetType().Name ?? "nothing"}.");
}
