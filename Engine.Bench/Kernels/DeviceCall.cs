using System;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>Calls that launch a kernel of their own on a device.</summary>
internal static class DeviceCall
{
    /// <summary>The kernel on devices, and elsewhere the definition that it is compared with.</summary>
    /// <param name="launch">Enqueues the kernel on a device's launcher.</param>
    /// <param name="definition">The same by ops of the contract, or on elements in the processor's memory.</param>
    public static OpCall Of(Action<DeviceBackend, CaseOperands> launch, OpCall definition) => (backend, operands) =>
    {
        if (backend is DeviceBackend device)
        {
            launch(device, operands);
        }
        else
        {
            definition(backend, operands);
        }
    };
}
