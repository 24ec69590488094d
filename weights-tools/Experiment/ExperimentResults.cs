using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Models;

namespace WeightsTools;

/// <summary>The results of an experiment in a file that is rewritten after every run.</summary>
internal sealed class ExperimentResults
{
    private const string FileName = "results.json";

    private readonly string _path;
    private readonly List<ExperimentResult> _results;

    private ExperimentResults(string path, List<ExperimentResult> results)
    {
        _path = path;
        _results = results;
    }

    /// <summary>All results so far, in the order in which they were made.</summary>
    public IReadOnlyList<ExperimentResult> All => _results;

    /// <summary>Opens the results in a folder.</summary>
    /// <param name="folder">Created if missing.</param>
    /// <param name="resume">Continue with what is there; otherwise there must be nothing.</param>
    /// <exception cref="DataException">The file is malformed, or there without being asked for.</exception>
    public static ExperimentResults Open(string folder, bool resume)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new ExperimentResults(path, []);
        }

        if (!resume)
        {
            throw new UsageException($"'{path}' exists; --resume continues it.");
        }

        try
        {
            return new ExperimentResults(
                path, JsonSerializer.Deserialize<List<ExperimentResult>>(File.ReadAllText(path), ExperimentRecipe.JsonOptions) ?? []);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: the results are malformed: {e.Message}", e);
        }
    }

    /// <summary>True if a run has been done.</summary>
    public bool Contains(string method, string tasks, ulong? seed) =>
        _results.Any(result => (result.Method, result.Tasks, result.Seed) == (method, tasks, seed));

    /// <summary>Adds a result and writes the file.</summary>
    public void Add(ExperimentResult result)
    {
        _results.Add(result);
        AtomicFile.WriteText(_path, JsonSerializer.Serialize(_results, ExperimentRecipe.JsonOptions) + "\n");
    }
}
