using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Models;

namespace WeightsTools;

/// <summary>A comparison of methods: models, tasks, settings, seeds, and figures to compare with.</summary>
internal sealed record ExperimentRecipe
{
    /// <summary>How recipes and their results are written.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>Folder of the base's checkpoint; relative paths start at the recipe.</summary>
    public required string Base { get; init; }

    /// <summary>Experts and data.</summary>
    public required IReadOnlyList<ImageTaskSource> Tasks { get; init; }

    /// <summary>Names of tasks that are fused, joined by "+".</summary>
    public required IReadOnlyList<string> Combinations { get; init; }

    /// <summary>Initialisation, preferences and batches.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Images per task and step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Grid points along an edge of the simplex of preferences.</summary>
    public int PointsPerEdge { get; init; } = 11;

    /// <summary>The rows of the comparison, in the order in which they run.</summary>
    public required IReadOnlyList<ExperimentMethod> Methods { get; init; }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="DataException">The file is missing or malformed, or names an unknown task.</exception>
    public static ExperimentRecipe Read(string path)
    {
        string text = File.Exists(path) ? File.ReadAllText(path) : throw new DataException($"Cannot read '{path}': there is no such file.");
        try
        {
            ExperimentRecipe recipe = JsonSerializer.Deserialize<ExperimentRecipe>(text, JsonOptions)
                ?? throw new DataException($"{path}: the recipe is null.");
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            recipe = recipe with
            {
                Base = Path.Combine(folder, recipe.Base),
                Tasks = [.. recipe.Tasks.Select(task => task.Below(folder))],
            };
            foreach (string combination in recipe.Combinations)
            {
                _ = recipe.SourcesOf(combination);
            }

            return recipe;
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: the recipe is malformed: {e.Message}", e);
        }
    }

    /// <summary>The tasks of a combination.</summary>
    /// <exception cref="DataException">There is no such task.</exception>
    public IReadOnlyList<ImageTaskSource> SourcesOf(string combination) =>
        [.. combination.Split('+').Select(name => Tasks.FirstOrDefault(task => task.Name == name)
            ?? throw new DataException($"Combination '{combination}': expected tasks of {string.Join(", ", Tasks.Select(t => t.Name))}, found '{name}'."))];
}
