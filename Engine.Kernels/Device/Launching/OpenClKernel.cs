using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace Engine.Kernels.Device;

/// <summary>
/// Loads kernels on OpenCL. ILGPU numbers the names in a kernel's source by how much it has compiled before, so that a driver which keeps
/// compiled programs from run to run would never know one again; here they are numbered by the order in which they appear.
/// </summary>
internal static partial class OpenClKernel
{
    /// <summary>Compiles and loads a kernel.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Launches it on a stream.</returns>
    public static Action<AcceleratorStream, KernelConfig, TArgs> Load<TArgs>(CLAccelerator accelerator, DeviceKernel<TArgs> kernel)
        where TArgs : struct
    {
        CLCompiledKernel compiled = (CLCompiledKernel)accelerator.Backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), kernel.Specialization);
        CLCompiledKernel renamed = new(
            compiled.Context,
            (SeparateViewEntryPoint)EntryPointOf(compiled),
            compiled.Info,
            WithStableNames(compiled.Source),
            compiled.CVersion);
        return accelerator.LoadKernel(renamed).CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TArgs>>();
    }

    /// <summary>Numbers the names in a source, such as var_4711, by their first appearance.</summary>
    /// <param name="source">OpenCL C as ILGPU writes it.</param>
    public static string WithStableNames(string source)
    {
        Dictionary<string, string> numbers = [];
        return NumberOfName().Replace(source, match =>
        {
            if (!numbers.TryGetValue(match.Value, out string? number))
            {
                number = numbers.Count.ToString(CultureInfo.InvariantCulture);
                numbers.Add(match.Value, number);
            }

            return number;
        });
    }

    // ILGPU takes an entry point from whoever makes a compiled kernel, but does not show that of one it made itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern EntryPoint EntryPointOf(CompiledKernel kernel);

    // What follows a letter and an underscore: no literal, no type of OpenCL and none of its functions is written so.
    [GeneratedRegex(@"(?<=\b[A-Za-z]+_)\d+(?=\b|_)")]
    private static partial Regex NumberOfName();
}
