using System;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>Turns what drivers and the kernel compiler throw into one line that names the device: a lost device, no memory left, a kernel
/// that a driver refuses.</summary>
internal static class DeviceFailure
{
    /// <summary>True for exceptions of drivers and of the kernel compiler.</summary>
    public static bool IsOne(Exception exception) => exception is AcceleratorException or InternalCompilerException
        or CapabilityNotSupportedException or DllNotFoundException or EntryPointNotFoundException;

    /// <summary>The error that users see.</summary>
    /// <param name="what">What was being done, for example "kernel 'layer_norm'".</param>
    /// <param name="accelerator">The device.</param>
    /// <param name="exception">Its own words.</param>
    public static BackendException In(string what, Accelerator accelerator, Exception exception)
    {
        string reason = exception is CLException openCl ? openCl.Error.ToString() : exception.Message;
        return new BackendException($"{accelerator.Name.Trim()}: {what} failed: {reason}", exception);
    }
}
