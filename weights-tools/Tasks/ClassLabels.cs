using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Engine.Models;

namespace WeightsTools;

/// <summary>Rewrites a base's config.json for a task: its name, its classes, and the head they need.</summary>
internal static class ClassLabels
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Names of the classes that a classifier's configuration declares; none for other models.</summary>
    public static IReadOnlyList<string> Of(ModelConfiguration configuration) => configuration.Architecture switch
    {
        ModelConfiguration.ViTForImageClassification => ViTConfig.From(configuration).Labels,
        ModelConfiguration.Gpt2ForSequenceClassification => Gpt2Config.From(configuration).Labels,
        _ => [],
    };

    /// <summary>LABEL_0, LABEL_1, ...: names of classes that have none.</summary>
    public static IReadOnlyList<string> Numbered(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => "LABEL_" + i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The configuration of a task's model; all other fields stay.</summary>
    /// <param name="configuration">The base's.</param>
    /// <param name="architecture">Class name of the task's model.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="labels">Names of the classes; none for a model without classifier.</param>
    public static ModelConfiguration Rewrite(
        ModelConfiguration configuration, string architecture, string task, IReadOnlyList<string> labels)
    {
        JsonObject fields = JsonNode.Parse(configuration.Text)!.AsObject();
        fields["architectures"] = new JsonArray(architecture);
        fields["finetuning_task"] = task;
        if (labels.Count > 0)
        {
            fields["id2label"] = new JsonObject(labels.Select(static (name, i) =>
                KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(name))));
            fields["label2id"] = new JsonObject(
                labels.Select(static (name, i) => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(i))));
            fields["num_labels"] = labels.Count;
            fields["problem_type"] = labels.Count == 1 ? "regression" : "single_label_classification";
        }

        return ModelConfiguration.Parse(configuration.Path, fields.ToJsonString(Layout) + "\n");
    }
}
