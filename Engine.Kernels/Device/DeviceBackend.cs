using System;
using System.Threading.Tasks;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Engine.Kernels.Device;

/// <summary>ILGPU kernels on a GPU, through CUDA or OpenCL. Computes in float32. Calls enqueue work on one stream and return.</summary>
internal sealed partial class DeviceBackend : IBackend
{
    /// <summary>Environment variable that makes CUDA devices enqueue sequences of launches as graphs, if it is 1.</summary>
    public const string GraphsVariable = "FUSION_CUDA_GRAPHS";

    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly IKernelLauncher _launcher;
    private DeviceTraits _traits;
    private readonly DeviceBuffer _nothing;
    private readonly IDisposable? _owned;
    private TransferRing? _ring;
    private UploadStaging? _staging;
    private float[] _single = [];

    /// <param name="name">Name by which the backend was asked for.</param>
    /// <param name="accelerator">Owns the memory.</param>
    /// <param name="stream">In order of calls.</param>
    /// <param name="launcher">Runs the kernels; disposed with the backend.</param>
    /// <param name="traits">What the device can do.</param>
    /// <param name="owned">Disposed last, for example the context.</param>
    /// <param name="precision">Of products; one that the device has.</param>
    public DeviceBackend(
        string name,
        Accelerator accelerator,
        AcceleratorStream stream,
        IKernelLauncher launcher,
        DeviceTraits traits,
        IDisposable? owned,
        Precision precision = Precision.Float32)
    {
        _accelerator = accelerator;
        _stream = stream;
        _launcher = launcher;
        _traits = traits;
        _owned = owned;
        _nothing = new DeviceBuffer(accelerator, launcher, "no tensor", NativeBuffer.Alignment);
        _nothing.View.MemSetToZero(stream);
        Info = new BackendInfo(name, traits.Kind, traits.Name, 1, DType.F32, precision);
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <summary>What kernels are chosen by. A device may pretend to lack something, so that twins of a kernel can be compared.</summary>
    public DeviceTraits Traits
    {
        get => _traits;
        set => _traits = value;
    }

    /// <summary>Runs the backend's kernels, and those of whoever has others.</summary>
    public IKernelLauncher Launcher => _launcher;

    /// <summary>Opens a device.</summary>
    /// <param name="name">Name by which the backend was asked for.</param>
    /// <param name="kind">CUDA, OpenCL or the simulation.</param>
    /// <param name="device">One of the context's devices.</param>
    /// <param name="context">Disposed with the backend.</param>
    /// <param name="precision">Of products.</param>
    /// <exception cref="BackendException">The device has no such precision.</exception>
    public static DeviceBackend Create(
        string name, BackendKind kind, ILGPU.Runtime.Device device, Context context, Precision precision = Precision.Float32)
    {
        DeviceTraits traits = new(
            kind,
            device.Name.Trim(),
            device.NumMultiprocessors,
            HasShuffles: kind == BackendKind.Cuda,
            HasTensorCores: device is CudaDevice { Architecture: CudaArchitecture architecture } && architecture >= CudaArchitecture.SM_80,
            MaxDynamicSharedBytes: device is CudaDevice cuda ? CudaDriver.MaxSharedBytesPerGroup(cuda.DeviceId) : 0);
        traits.Require(precision);
        Accelerator accelerator = device.CreateAccelerator(context);
        AcceleratorStream stream = accelerator.CreateStream();
        return new DeviceBackend(name, accelerator, stream, CreateLauncher(accelerator, stream), traits, context, precision);
    }

    /// <summary>Who launches kernels on a stream.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="stream">One of its streams.</param>
    public static IKernelLauncher CreateLauncher(Accelerator accelerator, AcceleratorStream stream) =>
        accelerator is CudaAccelerator cuda
            ? new QueueLauncher(
                new CudaLaunchQueue(cuda, (CudaStream)stream), withGraphs: Environment.GetEnvironmentVariable(GraphsVariable) == "1")
            : new AcceleratorLauncher(accelerator, stream);

    /// <summary>Ends when the kernels that are compiled in the background are there: who measures waits for it.</summary>
    public Task Prepared { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to compile, in the background, what a step of an ordinary model needs.</summary>
    public void PrepareKernels() => Prepared = _launcher.Prepare(StepKernels.Of(_traits, Info.Precision));

    /// <inheritdoc/>
    public Arena CreateArena(string name, long byteLength)
    {
        DeviceBuffer buffer = new(_accelerator, _launcher, name, byteLength);
        _launcher.Flush();
        buffer.View.MemSetToZero(_stream);
        return new Arena(buffer);
    }

    /// <inheritdoc/>
    public void Synchronize() => _launcher.Synchronize();

    /// <inheritdoc/>
    public void Dispose()
    {
        _launcher.Synchronize();
        _scratch?.Dispose();
        _ring?.Dispose();
        _staging?.Dispose();
        _nothing.Dispose();
        _launcher.Dispose();
        _stream.Dispose();
        _accelerator.Dispose();
        _owned?.Dispose();
    }

    /// <summary>The elements of an operand, gaps between rows included; one element of nobody's memory for "no tensor".</summary>
    public ArrayView<T> View<T>(in TensorRef tensor)
        where T : unmanaged
    {
        if (tensor.IsNone)
        {
            return _nothing.View.Cast<T>().SubView(0, 1);
        }

        if (tensor.Buffer is not DeviceBuffer buffer)
        {
            throw new OperandException($"{Info.Description} reads its own memory, found {tensor} in {tensor.Buffer!.GetType().Name}.");
        }

        long elements = tensor.ElementCount == 0 ? 0 : ((long)(tensor.Rows - 1) * tensor.RowStride) + tensor.Columns;
        return buffer.View.SubView(tensor.ByteOffset, elements * tensor.DType.SizeInBytes()).Cast<T>();
    }

    /// <summary>The elements of a float32 operand.</summary>
    public ArrayView<float> Floats(in TensorRef tensor) => tensor.IsNone || tensor.DType == DType.F32
        ? View<float>(tensor)
        : throw new OperandException($"{Info.Description} computes in F32, found {tensor}.");

    /// <summary>The elements of an int32 operand.</summary>
    private ArrayView<int> Integers(in TensorRef tensor) => tensor.DType == DType.I32
        ? View<int>(tensor)
        : throw new OperandException($"Expected an I32 operand, found {tensor}.");
}
