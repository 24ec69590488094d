using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <content>Scratch memory for partial results of one op.</content>
internal sealed partial class DeviceBackend
{
    private DeviceBuffer? _scratch;
    private DeviceBuffer? _widened;

    /// <summary>Memory whose content nobody keeps. Grows while an op is used at a new size, then stays.</summary>
    private ArrayView<float> Scratch(long floats)
    {
        Reserve(ref _scratch, "scratch", Math.Max(floats, 1) * sizeof(float));
        return _scratch!.View.Cast<float>().SubView(0, floats);
    }

    /// <summary>A float32 copy of a matrix, valid until the next one is asked for.</summary>
    private TensorRef Widened(in TensorRef matrix)
    {
        Reserve(ref _widened, "widened weights", matrix.ElementCount * sizeof(float));
        TensorRef copy = new(_widened!, 0, DType.F32, matrix.Shape, matrix.Name!);
        Copy(matrix, copy);
        return copy;
    }

    private void Reserve(ref DeviceBuffer? buffer, string name, long bytes)
    {
        if (buffer is null || buffer.ByteLength < bytes)
        {
            _launcher.Synchronize();
            buffer?.Dispose();
            buffer = new DeviceBuffer(_accelerator, name, bytes);
        }
    }
}
