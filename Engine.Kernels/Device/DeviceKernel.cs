using System;
using System.Reflection;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>A kernel: one static method over one structure of arguments, launched in explicit groups.</summary>
/// <typeparam name="TArgs">Views and scalars; what the kernel's source file declares.</typeparam>
internal sealed class DeviceKernel<TArgs> : IDeviceKernel
    where TArgs : struct
{
    /// <param name="name">Name in lists, snake case, for example "layer_norm".</param>
    /// <param name="body">The static method.</param>
    /// <param name="groupSize">Threads per group, always exactly this many.</param>
    /// <param name="groupsPerMultiprocessor">Groups that registers must suffice for; 0 leaves it to the compiler.</param>
    /// <param name="dynamicSharedBytes">Shared memory beside what the kernel declares.</param>
    public DeviceKernel(
        string name, Action<TArgs> body, int groupSize, int groupsPerMultiprocessor = 0, int dynamicSharedBytes = 0)
    {
        Name = name;
        Body = body;
        GroupSize = groupSize;
        DynamicSharedBytes = dynamicSharedBytes;
        Specialization = groupsPerMultiprocessor == 0
            ? new KernelSpecialization(groupSize, null)
            : new KernelSpecialization(groupSize, groupsPerMultiprocessor);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The static method.</summary>
    public Action<TArgs> Body { get; }

    /// <inheritdoc/>
    public int GroupSize { get; }

    /// <inheritdoc/>
    public int DynamicSharedBytes { get; }

    /// <inheritdoc/>
    public KernelSpecialization Specialization { get; }

    /// <inheritdoc/>
    public MethodInfo Method => Body.Method;

    /// <inheritdoc/>
    public ParameterLayout Parameters => ParameterPacker<TArgs>.Layout;

    /// <inheritdoc/>
    public Delegate LoadOn(Accelerator accelerator) => accelerator is CLAccelerator openCl
        ? OpenClKernel.Load(openCl, this)
        : accelerator.LoadKernel(Body, Specialization);
}
