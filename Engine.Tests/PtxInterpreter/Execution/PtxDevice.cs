using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Engine.PtxInterpreter;


/// <summary>
/// A virtual GPU: memory, and kernels in PTX that run on it, to check GPU kernels on a machine without a GPU.
/// <para>
/// It finds, beside wrong numbers: when compiling (<see cref="CompiledKernel.Errors"/>) syntax errors, misspelt or misordered modifiers,
/// undeclared or doubly declared names, operand types and widths, missing labels, instructions newer than .version or .target, static
/// shared memory over 48 KiB, and functions that are declared but not defined. It refuses launches with more shared memory than the
/// architecture has. It stops (<see cref="PtxExecutionException"/>) at accesses
/// outside every buffer, misaligned accesses, barriers or warp-wide instructions whose threads never meet, and tensor instructions run by
/// part of a warp. It goes on and reports (<see cref="LaunchReport.Findings"/>) races in shared memory, whatever the schedule, reads of
/// shared memory never written, reads of a cp.async copy not yet waited for, divergent bra.uni, shuffles from absent lanes, and exits with
/// copies under way. It counts (<see cref="LaunchReport.Counters"/>) bank conflicts and sectors.
/// </para>
/// <para>
/// It differs from a GPU: mma sums in double and rounds once, where order and truncation on a GPU are not specified. The .approx
/// functions are correctly rounded; a GPU's have errors of some ulp (tanh.approx about 2^-11 relative). mul and add stay apart, where
/// ptxas may fuse those without a rounding modifier. Atomics run in a fixed order; blocks run in order, and global memory has no race
/// detector. Registers never written hold NaN patterns, but reading one is not reported. Textures, surfaces, wgmma, TMA (cp.async.bulk,
/// mbarrier), clusters, mma shapes other than m16n8, and recursion are missing. Register pressure, spills and speed cannot be seen.
/// </para>
/// </summary>
public sealed class PtxDevice
{
    /// <summary>The global memory of the device.</summary>
    public GlobalMemory Memory { get; } = new();

    /// <summary>Runs a kernel over a grid; the arguments are one value for each parameter.</summary>
    /// <inheritdoc cref="Run(CompiledKernel, Dim3, Dim3, LaunchOptions, int, byte[])"/>
    /// <param name="kernel">The kernel, compiled for the memory of this device or without variables.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads of a block.</param>
    /// <param name="options">How to run.</param>
    /// <param name="dynamicShared">Bytes of shared memory for the kernel's unsized array.</param>
    /// <param name="arguments">The arguments.</param>
    public LaunchReport Run(
        CompiledKernel kernel, Dim3 grid, Dim3 block, LaunchOptions options, int dynamicShared, params KernelArgument[] arguments) =>
        Run(kernel, grid, block, options, dynamicShared, KernelArgument.Pack(kernel, arguments));

    /// <summary>Runs a kernel over a grid.</summary>
    /// <param name="kernel">The kernel, compiled for the memory of this device or without variables.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads of a block.</param>
    /// <param name="options">How to run.</param>
    /// <param name="dynamicShared">Bytes of shared memory for the kernel's unsized array.</param>
    /// <param name="parameters">The parameter block: each parameter at its offset, aligned as it is declared.</param>
    /// <returns>Findings and counters.</returns>
    /// <exception cref="PtxExecutionException">A fault while running; blocks before it have run to their end.</exception>
    /// <exception cref="PtxException">The kernel has errors, or the launch does not fit it.</exception>
    public LaunchReport Run(CompiledKernel kernel, Dim3 grid, Dim3 block, LaunchOptions options, int dynamicShared, byte[] parameters)
    {
        if (kernel.Errors.Count > 0 && !options.IgnoreErrors)
        {
            throw new PtxException($"{kernel.Name}: {string.Join("; ", kernel.Errors)}");
        }

        if (block.Count > kernel.MaxThreads)
        {
            throw new PtxException($"{kernel.Name}: a block of {block.Count} threads is over .maxntid {kernel.MaxThreads}");
        }

        if (dynamicShared > kernel.SharedLimit - kernel.SharedBytes)
        {
            throw new PtxException(
                $"{kernel.Name}: shared memory of {kernel.SharedBytes} bytes and {dynamicShared} of the launch is over the limit of "
                + $"{kernel.SharedLimit}");
        }

        if (parameters.Length != kernel.ParameterBytes)
        {
            throw new PtxException($"{kernel.Name}: the parameters take {kernel.ParameterBytes} bytes, not {parameters.Length}");
        }

        Launch launch = new(kernel, Memory, grid, block, dynamicShared, parameters, options);
        int threads = kernel.HasGlobalAtomics ? 1 : Math.Clamp(options.HostThreads, 1, Math.Max(1, grid.Count));
        return threads == 1 ? RunInOrder(launch) : RunOnThreads(launch, threads);
    }

    private static LaunchReport RunInOrder(Launch launch)
    {
        LaunchReport report = new(launch.Kernel);
        Block block = new(launch, report);
        for (int index = 0; index < launch.Grid.Count; index++)
        {
            block.Run(index);
        }

        return report;
    }

    // Threads take blocks in ascending order, so that all blocks before a fault run and the first fault is the one that is reported.
    private static LaunchReport RunOnThreads(Launch launch, int threads)
    {
        LaunchReport[] reports = [.. Enumerable.Range(0, threads).Select(_ => new LaunchReport(launch.Kernel))];
        (int Block, Exception Fault)?[] faults = new (int, Exception)?[threads];
        int next = -1;
        int last = launch.Grid.Count - 1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            int index = -1;
            try
            {
                Block block = new(launch, reports[thread]);
                while ((index = Interlocked.Increment(ref next)) <= Volatile.Read(ref last))
                {
                    block.Run(index);
                }
            }
            catch (PtxException fault)
            {
                faults[thread] = (index, fault);
                Volatile.Write(ref last, Math.Min(index, Volatile.Read(ref last)));
            }
        });
        if (faults.Any(fault => fault is not null))
        {
            ExceptionDispatchInfo.Throw(faults.Where(fault => fault is not null).MinBy(fault => fault!.Value.Block)!.Value.Fault);
        }

        return LaunchReport.Merge(launch.Kernel, reports);
    }
}
