using System.CommandLine;
using Engine.Kernels;

namespace WeightsTools;

/// <summary>The options of a command that computes: where, and on how many threads.</summary>
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

    /// <summary>Adds the options to a command.</summary>
    public BackendOptions(Command command)
    {
        _device.AcceptOnlyFromAmong(Backends.Names);
        _threads.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int count) && count < 0)
            {
                result.AddError($"--threads: expected 0 or more, found {count}");
            }
        });
        command.Add(_device);
        command.Add(_threads);
    }

    /// <summary>Creates the backend that the command line asks for; the command disposes it.</summary>
    /// <exception cref="BackendException">The device is missing or unusable.</exception>
    public IBackend Create(CommandContext context)
    {
        int threads = context.Get(_threads);
        return context.Get(_device) is string name
            ? Backends.Create(name, threads)
            : Backends.Best(threads, reason => context.Warn($"{reason}; computing on the host"));
    }
}
