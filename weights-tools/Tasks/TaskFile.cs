using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Models;

namespace WeightsTools;

/// <summary>
/// Names what is fused: a base and, per task, an expert with its data. A JSON file, for example
/// <c>{ "base": "models/base", "tasks": [{ "name": "digits", "expert": "models/digits", "train": "data/digits-train" }] }</c>.
/// Paths in the file are relative to its folder; here they can be opened as they are.
/// </summary>
internal sealed record TaskFile
{
    /// <summary>Usual name of the file.</summary>
    public const string FileName = "tasks.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new DataSourceConverter() },
    };

    /// <summary>Checkpoint folder of θ0.</summary>
    public string Base { get; init; } = string.Empty;

    /// <summary>The tasks in the order of preferences, experts and scores.</summary>
    public IReadOnlyList<TaskEntry> Tasks { get; init; } = [];

    /// <summary>Where the names are from, for messages.</summary>
    [JsonIgnore]
    public string Origin { get; init; } = "command line";

    /// <summary>Names of all tasks, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => [.. Tasks.Select(static task => task.Name)];

    /// <summary>Reads a task file.</summary>
    /// <param name="path">The file, or a folder that holds a tasks.json.</param>
    /// <exception cref="DataException">The file is missing or malformed, or a task is incomplete.</exception>
    public static TaskFile Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
        {
            throw new DataException($"Cannot read '{file}': there is no such task file.");
        }

        TaskFile read = Parse(file);
        read.Require();
        string folder = Path.GetDirectoryName(file)!;
        return read.WithPaths(relative => Path.Combine(folder, relative));
    }

    /// <summary>Some of the tasks.</summary>
    /// <param name="names">In the order wanted.</param>
    /// <exception cref="DataException">A name is unknown or repeated.</exception>
    public TaskFile Select(IReadOnlyList<string> names)
    {
        TaskFile selected = this with
        {
            Tasks = [.. names.Select(name => Tasks.FirstOrDefault(task => task.Name == name)
                ?? throw new DataException($"{Origin}: there is no task '{name}'; expected one of: {string.Join(", ", Names)}."))],
        };
        selected.Require();
        return selected;
    }

    /// <summary>Writes a task file that names the same folders and files, relative to its own folder.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Write(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string Relative(string target) => Path.GetRelativePath(folder, Path.GetFullPath(target)).Replace('\\', '/');
        AtomicFile.WriteText(path, JsonSerializer.Serialize(WithPaths(Relative), Options) + "\n");
    }

    /// <summary>Checks that every task is complete and every name used once.</summary>
    /// <exception cref="DataException">It is not so.</exception>
    public void Require()
    {
        if (Base.Length == 0 || Tasks.Count == 0)
        {
            throw new DataException($"{Origin}: expected a base and at least one task.");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TaskEntry task in Tasks)
        {
            if (task.Name.Length == 0 || task.Name.Contains(',', StringComparison.Ordinal) || !names.Add(task.Name))
            {
                throw new DataException($"{Origin}: the task name '{task.Name}' is empty, repeated, or holds a comma.");
            }

            if (task.Expert.Length == 0)
            {
                throw new DataException($"{Origin}: task '{task.Name}' names no expert.");
            }

            if (task.Train is { IsComplete: false } || task.Test is { IsComplete: false })
            {
                throw new DataException($"{Origin}: the data of task '{task.Name}': expected images and labels, or tokens.");
            }
        }
    }

    private static TaskFile Parse(string file)
    {
        try
        {
            TaskFile? read = JsonSerializer.Deserialize<TaskFile>(File.ReadAllBytes(file), Options);
            return (read ?? throw new DataException($"{file}: expected an object, found null.")) with { Origin = file };
        }
        catch (JsonException e)
        {
            throw new DataException($"{file}: not a task file: {e.Message}", e);
        }
    }

    private TaskFile WithPaths(Func<string, string> change) =>
        this with { Base = change(Base), Tasks = [.. Tasks.Select(task => task.WithPaths(change))] };
}
