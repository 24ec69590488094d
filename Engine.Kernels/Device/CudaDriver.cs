using System;
using System.Runtime.InteropServices;

namespace Engine.Kernels.Device;

/// <summary>The few functions of NVIDIA's driver that ILGPU does not bind: what its compiler made of a kernel, permission for more than
/// 48 KB of shared memory, and graphs. A function is a handle from ILGPU's CudaAPI.GetModuleFunction; its accelerator must be
/// bound.</summary>
internal static partial class CudaDriver
{
    private const string Library = "cuda";

    private enum DeviceAttribute
    {
        MaxSharedBytesPerGroupOnDemand = 97,
    }

    private enum FunctionAttribute
    {
        MaxThreadsPerBlock = 0,
        SharedBytes = 1,
        LocalBytes = 3,
        Registers = 4,
        MaxDynamicSharedBytes = 8,
    }

    /// <summary>Registers, spills and shared memory of a loaded kernel.</summary>
    /// <param name="function">Handle of the kernel.</param>
    /// <exception cref="BackendException">There is no driver, or it refuses.</exception>
    public static KernelResources Resources(nint function) => new(
        Attribute(function, FunctionAttribute.Registers),
        Attribute(function, FunctionAttribute.LocalBytes),
        Attribute(function, FunctionAttribute.SharedBytes),
        Attribute(function, FunctionAttribute.MaxThreadsPerBlock));

    /// <summary>Lets a kernel be launched with this much dynamic shared memory; without it, static and dynamic together end at
    /// 48 KB.</summary>
    /// <param name="function">Handle of the kernel.</param>
    /// <param name="bytes">At most what the device has per group less the kernel's static shared memory.</param>
    /// <exception cref="BackendException">There is no driver, or it refuses.</exception>
    public static void AllowDynamicShared(nint function, int bytes) => Call(
        nameof(cuFuncSetAttribute), () => cuFuncSetAttribute(function, FunctionAttribute.MaxDynamicSharedBytes, bytes));

    /// <summary>Shared memory that a group can have, static and dynamic together, if its kernel is allowed to: 163 KB on sm_80, 227 KB on
    /// sm_90.</summary>
    /// <param name="device">Handle of the device.</param>
    /// <returns>0 if the driver does not know.</returns>
    public static int MaxSharedBytesPerGroup(int device)
    {
        try
        {
            int value = 0;
            Call(
                nameof(cuDeviceGetAttribute),
                () => cuDeviceGetAttribute(out value, DeviceAttribute.MaxSharedBytesPerGroupOnDemand, device));
            return value;
        }
        catch (BackendException)
        {
            return 0;
        }
    }

    private static int Attribute(nint function, FunctionAttribute attribute)
    {
        int value = 0;
        Call(nameof(cuFuncGetAttribute), () => cuFuncGetAttribute(out value, attribute, function));
        return value;
    }

    private static void Call(string name, Func<int> function)
    {
        DeviceLibraries.Resolve();
        int code;
        try
        {
            code = function();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new BackendException($"{name}: there is no NVIDIA driver, or it is too old: {exception.Message}", exception);
        }

        Check(name, code);
    }

    private static void Check(string name, int code)
    {
        if (code != 0)
        {
            throw new BackendException($"{name}: the NVIDIA driver answered {NameOf(code)}.");
        }
    }

    private static string NameOf(int code) =>
        cuGetErrorName(code, out nint name) == 0 ? Marshal.PtrToStringUTF8(name)! : $"error {code}";

    [LibraryImport(Library)]
    private static partial int cuDeviceGetAttribute(out int value, DeviceAttribute attribute, int device);

    [LibraryImport(Library)]
    private static partial int cuFuncGetAttribute(out int value, FunctionAttribute attribute, nint function);

    [LibraryImport(Library)]
    private static partial int cuFuncSetAttribute(nint function, FunctionAttribute attribute, int value);

    [LibraryImport(Library)]
    private static partial int cuGetErrorName(int code, out nint name);
}
