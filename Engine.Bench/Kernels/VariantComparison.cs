using System;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using Engine.Kernels.Reference;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Bench;

/// <summary>Runs variants on a device and compares what they write with the reference.</summary>
internal static class VariantComparison
{
    /// <summary>Compares a variant with the reference.</summary>
    public static VariantResult Run(KernelVariant variant, DeviceBackend device)
    {
        if (!variant.RunsOn(device.Traits))
        {
            return new VariantResult(variant, Compared: null, Problem: null);
        }

        try
        {
            using ReferenceBackend reference = new(device.Info.ComputeType, variant.Precision);
            CaseResult result = Pretending(variant, device, () => OpCaseComparison.Between(variant.Case, device, reference));
            OperandError worst = result.Worst;
            bool passed = result.StrayWrite is null
                && (variant.Tolerance is double tolerance ? worst.Error <= tolerance : result.Passed);
            return new VariantResult(variant, worst, passed ? null : result.StrayWrite ?? worst.ToString());
        }
        catch (Exception exception) when (exception is BackendException or AcceleratorException or InternalCompilerException)
        {
            return new VariantResult(variant, Compared: null, exception.Message);
        }
    }

    /// <summary>Does something while the device pretends to be what the variant wants it to be.</summary>
    public static T Pretending<T>(KernelVariant variant, DeviceBackend device, Func<T> action)
    {
        DeviceTraits traits = device.Traits;
        device.Traits = variant.Pretend(traits);
        try
        {
            return action();
        }
        finally
        {
            device.Traits = traits;
        }
    }
}
