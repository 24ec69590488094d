using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Saves the network of one preference as an ordinary checkpoint of the base's architecture, size and dtypes.</summary>
public static class Unloader
{
    /// <summary>Writes the backbone's present weights as a Hugging Face directory, atomically.</summary>
    /// <param name="directory">Created; must not exist unless <paramref name="overwrite"/>.</param>
    /// <param name="ensemble">Base and experts; the backbone holds the merged weights.</param>
    /// <param name="preference">r, recorded in the metadata.</param>
    /// <param name="tasks">Names in the order of the experts.</param>
    /// <param name="headOf">Index of the expert whose head and config.json the checkpoint carries.</param>
    /// <param name="allHeads">Also store the heads of all experts as heads.TASK.NAME.</param>
    /// <param name="overwrite">Replace an existing directory.</param>
    /// <exception cref="DataException">The directory cannot be written.</exception>
    public static void Save(
        string directory,
        Ensemble ensemble,
        IReadOnlyList<double> preference,
        IReadOnlyList<string> tasks,
        int headOf,
        bool allHeads = false,
        bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(preference);
        Backbone backbone = ensemble.Backbone;
        StoredParameters stored = new(ensemble.Base, backbone.CheckpointPrefixes, backbone.Layout);
        using HostTensors downloads = new();
        List<TensorToWrite> tensors = [.. backbone.Layout.Parameters.Select(parameter => downloads.WhenWritten(
            stored.NameOf(parameter),
            backbone.Backend,
            backbone.Parameters[parameter.Name],
            ensemble.Base.Entry(stored.NameOf(parameter)).DType))];
        Checkpoint chosen = ensemble.Experts[headOf];
        AddHead(tensors, chosen, backbone, string.Empty);
        for (int i = 0; allHeads && i < ensemble.Tasks; i++)
        {
            AddHead(tensors, ensemble.Experts[i], backbone, $"heads.{tasks[i]}.");
        }

        CheckpointWriter.Write(directory, tensors, new CheckpointWriterOptions
        {
            ConfigurationText = chosen.Configuration.Text,
            CopyFilesFrom = chosen.Path,
            Overwrite = overwrite,
            Metadata = new Dictionary<string, string>
            {
                ["format"] = "pt",
                ["fusion.tasks"] = string.Join(",", tasks),
                ["fusion.preference"] = string.Join(",", preference.Select(static r => r.ToString("R", CultureInfo.InvariantCulture))),
                ["fusion.base_sha256"] = ensemble.Base.Sha256(),
                ["fusion.expert_sha256"] = string.Join(",", ensemble.Experts.Select(static expert => expert.Sha256())),
            },
        });
    }

    /// <summary>Everything in an expert's checkpoint that is not backbone: its head.</summary>
    private static void AddHead(List<TensorToWrite> tensors, Checkpoint expert, Backbone backbone, string prefix)
    {
        StoredParameters stored = new(expert, backbone.CheckpointPrefixes, backbone.Layout);
        HashSet<string> backboneNames = [.. backbone.Layout.Parameters.Select(stored.NameOf)];
        tensors.AddRange(expert.Names
            .Where(name => !backboneNames.Contains(name))
            .Select(name => new TensorToWrite(prefix + name, expert.Tensor(name))));
    }
}
