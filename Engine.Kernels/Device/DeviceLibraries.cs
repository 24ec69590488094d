using System;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Finds drivers under the names that machines without development packages have: libcuda.so.1 and libOpenCL.so.1.</summary>
internal static class DeviceLibraries
{
    private static readonly object Gate = new();
    private static bool _resolved;

    /// <summary>Installs the resolver, once. Call before the first context is created.</summary>
    public static void Resolve()
    {
        lock (Gate)
        {
            if (_resolved)
            {
                return;
            }

            _resolved = true;
            NativeLibrary.SetDllImportResolver(typeof(DeviceLibraries).Assembly, Load);
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Load);
            }
            catch (InvalidOperationException)
            {
                // On WSL, ILGPU has installed its own; one assembly takes one resolver.
            }
        }
    }

    /// <summary>True if there is a driver for a backend, which may still show no device. Costs no context.</summary>
    /// <param name="backend"><see cref="Backends.Cuda"/> or <see cref="Backends.OpenCl"/>.</param>
    public static bool IsInstalled(string backend)
    {
        string[] names = backend == Backends.Cuda ? ["libcuda.so.1", "nvcuda"] : ["libOpenCL.so.1", "OpenCL"];
        return Array.Exists(names, static name => NativeLibrary.TryLoad(name, out _));
    }

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        string? versioned = name switch
        {
            "cuda" when OperatingSystem.IsLinux() => "libcuda.so.1",
            "cuda" when OperatingSystem.IsWindows() => "nvcuda.dll",
            "OpenCL" or "opencl" when OperatingSystem.IsLinux() => "libOpenCL.so.1",
            _ => null,
        };
        return versioned is not null && NativeLibrary.TryLoad(versioned, out nint library) ? library : nint.Zero;
    }
}
