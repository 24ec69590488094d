using System;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Creates ILGPU contexts, all with the same compiler settings.</summary>
internal static class DeviceContext
{
    /// <summary>Creates a context.</summary>
    /// <param name="devices">Chooses the kinds of devices.</param>
    public static Context Create(Action<Context.Builder> devices) => Context.Create(builder =>
    {
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
        devices(builder);
    });
}
