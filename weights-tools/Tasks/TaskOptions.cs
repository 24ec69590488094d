using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>How a command is told what to fuse: a task file, or base and tasks on the command line.</summary>
internal sealed class TaskOptions
{
    private readonly Argument<string?> _file = new("tasks")
    {
        Description = "Task file (JSON): base, and per task a name, an expert, train and test data",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _base = new("--base") { Description = "Instead of a task file: folder of the base", HelpName = "DIR" };

    private readonly Option<string[]> _tasks = new("--task")
    {
        Description = "Instead of a task file, once per task: NAME=EXPERT[,TRAIN[,TEST]]; data as a .safetensors file of tokens, or as the "
            + "beginning of two IDX files' names",
        HelpName = "TASK",
    };

    /// <summary>Adds the options to a command, and the argument behind those it has.</summary>
    public TaskOptions(Command command)
    {
        _tasks.Validators.Add(Check);
        command.Add(_file);
        command.Add(_base);
        command.Add(_tasks);
    }

    /// <summary>What the command line names; null if it names nothing.</summary>
    /// <param name="context">The arguments.</param>
    /// <exception cref="DataException">The task file is missing or malformed.</exception>
    /// <exception cref="UsageException">Both ways are used, or one by half.</exception>
    public TaskFile? Read(CommandContext context)
    {
        string? path = context.Get(_file);
        string? root = context.Get(_base);
        string[] tasks = context.Get(_tasks) ?? [];
        if (path is not null && (root is not null || tasks.Length > 0))
        {
            throw new UsageException($"--base and --task are used instead of a task file, found '{path}' too.");
        }

        if ((root is null) != (tasks.Length == 0))
        {
            throw new UsageException("--base and --task are used together.");
        }

        if (root is null)
        {
            return path is null ? null : TaskFile.Read(path);
        }

        TaskFile file = new() { Base = root, Tasks = [.. tasks.Select(Parse)] };
        file.Require();
        return file;
    }

    /// <summary>The tasks that routers were trained for, in their order: from the command line, else from the file beside the
    /// routers.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="folder">Where the routers are.</param>
    /// <param name="names">The routers' tasks.</param>
    /// <exception cref="DataException">A task is missing.</exception>
    public TaskFile ReadFor(CommandContext context, string folder, IReadOnlyList<string> names) =>
        (Read(context) ?? TaskFile.Read(Path.Combine(folder, TaskFile.FileName))).Select(names);

    private static void Check(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            int equals = token.Value.IndexOf('=');
            if (equals < 1 || token.Value[(equals + 1)..].Split(',') is not { Length: >= 1 and <= 3 } parts
                || parts.Any(string.IsNullOrEmpty))
            {
                result.AddError($"--task: expected NAME=EXPERT[,TRAIN[,TEST]], found '{token.Value}'");
            }
        }
    }

    private static TaskEntry Parse(string text)
    {
        int equals = text.IndexOf('=');
        string[] parts = text[(equals + 1)..].Split(',');
        return new TaskEntry
        {
            Name = text[..equals],
            Expert = parts[0],
            Train = parts.Length > 1 ? new DataSource { Stem = parts[1] } : null,
            Test = parts.Length > 2 ? new DataSource { Stem = parts[2] } : null,
        };
    }
}
