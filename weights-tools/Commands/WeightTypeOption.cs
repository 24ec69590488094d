using System.CommandLine;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>The option that says in which dtype a backbone holds its matrices.</summary>
internal sealed class WeightTypeOption
{
    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "Dtype in which the matrices are held; all else, sums included, stays in f32",
        DefaultValueFactory = static _ => "f32",
    };

    /// <summary>Adds the option to a command.</summary>
    public WeightTypeOption(Command command)
    {
        _dtype.AcceptOnlyFromAmong("f32", "bf16");
        command.Add(_dtype);
    }

    /// <summary>The dtype asked for; null for the compute dtype.</summary>
    public DType? Of(CommandContext context) => context.Get(_dtype) == "bf16" ? DType.BF16 : null;
}
