using System;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>Admits OpenCL devices that deny generic addresses, such as PoCL on the processor. ILGPU asks for those, our kernels do not use
/// them. Only where <see cref="EnvironmentVariable"/> says so.</summary>
internal static class OpenClCompatibility
{
    /// <summary>"any" admits such devices.</summary>
    public const string EnvironmentVariable = "FUSION_OPENCL";

    private const string Any = "any";

    /// <summary>How to admit a device, for messages.</summary>
    public const string Hint = $"{EnvironmentVariable}={Any} admits it";

    /// <summary>Admits a device if the environment says so.</summary>
    /// <param name="device">A device of a context.</param>
    public static void Apply(CLDevice device)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) == Any)
        {
            // ILGPU has no public way.
            typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);
        }
    }
}
