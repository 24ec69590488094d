using System;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>One way of several to compute an op on a device.</summary>
/// <param name="Name">Unique among the op's variants.</param>
/// <param name="Description">One line.</param>
/// <param name="Case">Operands, flops and bytes; its call computes on a device as this variant does, and elsewhere by definition
/// (<see cref="DeviceCall"/>).</param>
internal sealed record KernelVariant(string Name, string Description, OpCase Case)
{
    /// <summary>Devices that the variant runs on.</summary>
    public Func<DeviceTraits, bool> RunsOn { get; init; } = static _ => true;

    /// <summary>What the backend makes believe that the device is, so that it takes this variant.</summary>
    public Func<DeviceTraits, DeviceTraits> Pretend { get; init; } = static traits => traits;

    /// <summary>What operands of products are rounded to; the reference that the variant is compared with rounds them in the same
    /// way.</summary>
    public Precision Precision { get; init; }

    /// <summary>The largest error that passes; null for that of the outputs' dtypes.</summary>
    public double? Tolerance { get; init; }
}
