using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>What routers belong to: the tasks in order, the settings, and the content of base and experts.</summary>
/// <param name="Tasks">Names in the order of preferences.</param>
/// <param name="Settings">Which groups, which routers.</param>
/// <param name="BaseSha256">Content hash of θ0.</param>
/// <param name="ExpertSha256">Content hashes of θ1 .. θT.</param>
public sealed record FusionIdentity(
    IReadOnlyList<string> Tasks, RouterSettings Settings, string BaseSha256, IReadOnlyList<string> ExpertSha256)
{
    /// <summary>The identity of a fusion.</summary>
    public static FusionIdentity Of(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(tasks);
        return new FusionIdentity(
            [.. tasks.Select(static task => task.Name)],
            fusion.Settings,
            fusion.Ensemble.Base.Sha256(),
            [.. fusion.Ensemble.Experts.Select(static expert => expert.Sha256())]);
    }

    /// <summary>As one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FusionJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="path">The file it is from, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="DataException">The text is something else.</exception>
    public static FusionIdentity FromJson(string path, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<FusionIdentity>(json, FusionJson.Options)
                ?? throw new DataException($"{path}: the routers' identity is null.");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: the routers' identity is malformed: {e.Message}", e);
        }
    }

    /// <summary>Checks that base and experts are those the routers were trained on.</summary>
    /// <param name="path">The router file, for messages.</param>
    /// <param name="ensemble">Base and experts at hand.</param>
    /// <exception cref="DataException">One of them has other content, or their number differs.</exception>
    public void Require(string path, Ensemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (ExpertSha256.Count != ensemble.Tasks)
        {
            throw new DataException($"{path}: the routers are for {ExpertSha256.Count} experts, found {ensemble.Tasks}.");
        }

        Require(path, "base", ensemble.Base, BaseSha256);
        for (int i = 0; i < ensemble.Tasks; i++)
        {
            Require(path, $"expert of '{Tasks[i]}'", ensemble.Experts[i], ExpertSha256[i]);
        }
    }

    private static void Require(string path, string role, Checkpoint checkpoint, string expected)
    {
        string found = checkpoint.Sha256();
        if (found != expected)
        {
            throw new DataException(
                $"{path}: the routers were trained with another {role}; expected SHA-256 {expected}, found {found} in "
                + $"'{checkpoint.Path}'.");
        }
    }
}
