using System;
using System.Reflection;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>What can be said of a kernel without its arguments.</summary>
internal interface IDeviceKernel
{
    /// <summary>Name in lists, for example "layer_norm".</summary>
    string Name { get; }

    /// <summary>Threads per group.</summary>
    int GroupSize { get; }

    /// <summary>Bytes of shared memory that a launch gives to every group beside what the kernel declares.</summary>
    int DynamicSharedBytes { get; }

    /// <summary>Launch bounds, given to the compiler.</summary>
    KernelSpecialization Specialization { get; }

    /// <summary>The static method that is compiled.</summary>
    MethodInfo Method { get; }

    /// <summary>How its arguments are packed for a launch.</summary>
    ParameterLayout Parameters { get; }

    /// <summary>Has ILGPU compile it for a device.</summary>
    /// <returns>What launches it: an action of stream, configuration and arguments.</returns>
    Delegate LoadOn(Accelerator accelerator);
}
