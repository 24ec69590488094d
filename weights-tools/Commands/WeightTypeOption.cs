using System.CommandLine;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>The option of a command that only computes forwards: in which dtype the weights are held.</summary>
internal sealed class WeightTypeOption
{
    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "Dtype in which the matrices are held and read; sums, vectors and activations stay in f32",
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
