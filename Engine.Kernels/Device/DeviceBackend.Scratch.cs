using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <content>Scratch memory for partial results of one op.</content>
internal sealed partial class DeviceBackend
{
    private DeviceBuffer? _scratch;

    /// <summary>Memory whose content nobody keeps. Grows while an op is used at a new size, then stays.</summary>
    private ArrayView<float> Scratch(long floats)
    {
        long bytes = Math.Max(floats, 1) * sizeof(float);
        if (_scratch is null || _scratch.ByteLength < bytes)
        {
            _launcher.Synchronize();
            _scratch?.Dispose();
            _scratch = new DeviceBuffer(_accelerator, _launcher, "scratch", bytes);
        }

        return _scratch.View.Cast<float>().SubView(0, floats);
    }
}
