using System.CommandLine;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>The options of a command that computes: where, on how many threads, how exactly.</summary>
internal sealed class BackendOptions
{
    private readonly Option<string?> _device = new("--device")
    {
        Description = $"What computes; without it {Backends.EnvironmentVariable}, else a GPU that passes a self-test, else the host",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Worker threads of the host device; 0 for one per physical core",
        HelpName = "COUNT",
    };

    private readonly Option<string> _precision = new("--precision")
    {
        Description = "What operands of matrix products are rounded to, on tensor cores of NVIDIA GPUs: tf32 or bf16; sums stay in f32",
        DefaultValueFactory = static _ => Precisions.NameOf(Precision.Float32),
    };

    /// <summary>Adds the options to a command.</summary>
    public BackendOptions(Command command)
    {
        _device.AcceptOnlyFromAmong(Backends.Names);
        _precision.AcceptOnlyFromAmong([.. Precisions.Names]);
        _threads.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int count) && count < 0)
            {
                result.AddError($"--threads: expected 0 or more, found {count}");
            }
        });
        command.Add(_device);
        command.Add(_threads);
        command.Add(_precision);
    }

    /// <summary>Creates the backend that the command line asks for; the command disposes it.</summary>
    /// <exception cref="BackendException">The device is missing or unusable.</exception>
    public IBackend Create(CommandContext context)
    {
        int threads = context.Get(_threads);
        Precision precision = Precisions.Parse(context.Get(_precision));
        return context.Get(_device) is string name
            ? Backends.Create(name, threads, precision)
            : Backends.Best(threads, precision, reason => context.Warn($"{reason}; computing on the host"));
    }
}
