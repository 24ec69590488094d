using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>What does a GPU get?</summary>
internal sealed class PtxCommand : ToolCommand
{
    private readonly Argument<string?> _kernel = new("kernel")
    {
        Description = "Name of a kernel; --list shows all",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _architecture = new("--arch")
    {
        Description = "Architecture of the GPU",
        DefaultValueFactory = _ => KernelPtx.Architectures[0],
    };

    private readonly Option<bool> _list = new("--list", "-l")
    {
        Description = "Show the names of all kernels instead, one a line",
    };

    public PtxCommand()
        : base("ptx", "Show the PTX of a device kernel")
    {
        _architecture.AcceptOnlyFromAmong([.. KernelPtx.Architectures]);
        Add(_kernel);
        Add(_architecture);
        Add(_list);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Compiles a kernel for an NVIDIA GPU as the cuda device does, without a GPU or a driver. "
        + "The driver turns PTX into machine code.\n\n"
        + "Example:\n  weights-tools ptx layer_norm --arch sm_90";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        string? kernel = context.Get(_kernel);
        if (context.Get(_list) == kernel is not null)
        {
            throw new UsageException("ptx: expected either a kernel or --list.");
        }

        if (kernel is null)
        {
            context.Report(new { KernelPtx.Kernels }, static writer =>
            {
                foreach (string name in KernelPtx.Kernels)
                {
                    writer.WriteLine(name);
                }
            });
        }
        else
        {
            Compile(context, kernel, context.Get(_architecture));
        }

        return ExitCodes.Success;
    }

    private static void Compile(CommandContext context, string kernel, string architecture)
    {
        if (!KernelPtx.Kernels.Contains(kernel, StringComparer.Ordinal))
        {
            IEnumerable<string> nearest = NearestNames.Of(kernel, KernelPtx.Kernels);
            throw new UsageException($"There is no kernel '{kernel}'; the nearest names are {string.Join(", ", nearest)}.");
        }

        string ptx = KernelPtx.Compile(kernel, architecture);
        context.Report(new { Kernel = kernel, Architecture = architecture, Ptx = ptx }, writer => writer.WriteLine(ptx.TrimEnd()));
    }
}
