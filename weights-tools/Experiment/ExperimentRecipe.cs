using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Models;

namespace WeightsTools;

/// <summary>A comparison of methods: tasks, settings, seeds, and figures to compare with.</summary>
internal sealed record ExperimentRecipe
{
    /// <summary>How recipes and their results are written.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>The task file: base, experts and data; a relative path starts at the recipe.</summary>
    public required string Tasks { get; init; }

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
    /// <exception cref="DataException">The file is missing or malformed, or lacks a field.</exception>
    public static ExperimentRecipe Read(string path)
    {
        string text = File.Exists(path) ? File.ReadAllText(path) : throw new DataException($"Cannot read '{path}': there is no such file.");
        try
        {
            ExperimentRecipe recipe = JsonSerializer.Deserialize<ExperimentRecipe>(text, JsonOptions)
                ?? throw new DataException($"{path}: the recipe is null.");
            recipe = recipe with { Tasks = Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, recipe.Tasks) };
            return recipe;
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: the recipe is malformed: {e.Message}", e);
        }
    }
}
