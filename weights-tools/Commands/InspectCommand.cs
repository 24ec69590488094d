using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using System.Text.Json;
using Engine.Models;

namespace WeightsTools;

/// <summary>Looks at a checkpoint without loading it: tensors, sizes, metadata, configuration.</summary>
internal sealed class InspectCommand : ToolCommand
{
    // The fields of a config.json that say how large the network is, in the order in which they are shown.
    private static readonly string[] ConfigurationSummary =
    [
        "image_size", "num_channels", "patch_size", "vocab_size", "n_positions", "hidden_size", "n_embd", "num_hidden_layers", "n_layer",
        "num_attention_heads", "n_head", "intermediate_size", "n_inner", "hidden_act", "activation_function", "projection_dim",
    ];

    private readonly Argument<string> _path = new("path")
    {
        Description = "Folder of a checkpoint, or a .safetensors file",
    };

    private readonly Option<string> _filter = new("--filter", "-f")
    {
        Description = "List only tensors whose name matches this pattern; * and ? are wildcards",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => "*",
    };

    public InspectCommand()
        : base("inspect", "Show the tensors, sizes, metadata and configuration of a checkpoint")
    {
        Add(_path);
        Add(_filter);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Reads only headers, so that a checkpoint of any size is looked at in no time; every rule of the safetensors format is checked.\n\n"
        + "Example:\n  weights-tools inspect samples/models/base --filter \"*.layer.0.*\"";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        using Checkpoint checkpoint = Checkpoint.Open(context.Get(_path));
        TensorEntry[] all = checkpoint.Names.Select(checkpoint.Entry).ToArray();
        string pattern = context.Get(_filter);
        TensorEntry[] listed = all.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Name, ignoreCase: false)).ToArray();
        if (listed.Length == 0)
        {
            context.Warn($"no tensor matches '{pattern}'");
        }

        ModelConfiguration? configuration = checkpoint.HasConfiguration ? checkpoint.Configuration : null;
        context.Report(
            new
            {
                checkpoint.Path,
                checkpoint.Files,
                configuration?.Architecture,
                Configuration = configuration?.Root,
                checkpoint.Metadata,
                TensorCount = all.Length,
                Parameters = all.Sum(entry => entry.ElementCount),
                Bytes = checkpoint.ByteLength,
                Tensors = listed.Select(entry => new
                {
                    entry.Name,
                    Dtype = SafetensorsDTypes.NameOf(entry.DType),
                    entry.Shape,
                    Parameters = entry.ElementCount,
                    Bytes = entry.ByteLength,
                    File = Path.GetFileName(checkpoint.FileOf(entry.Name)),
                }),
            },
            writer => WriteText(writer, checkpoint, all, listed));
        return ExitCodes.Success;
    }

    private static void WriteText(TextWriter writer, Checkpoint checkpoint, TensorEntry[] all, TensorEntry[] listed)
    {
        writer.WriteLine(checkpoint.Path);
        foreach ((string name, string value) in Facts(checkpoint, all))
        {
            writer.WriteLine($"  {name,-14} {Printable.Text(value)}");
        }

        bool sharded = checkpoint.Files.Count > 1;
        Table table = new Table().Words("tensor").Words("dtype").Words("shape").Numbers("parameters").Numbers("size");
        _ = sharded ? table.Words("file") : table;
        foreach (TensorEntry entry in listed)
        {
            string[] cells =
            [
                entry.Name,
                SafetensorsDTypes.NameOf(entry.DType),
                entry.ShapeText,
                Quantity.Count(entry.ElementCount),
                Quantity.Bytes(entry.ByteLength),
            ];
            table.Add(sharded ? [.. cells, Path.GetFileName(checkpoint.FileOf(entry.Name))] : cells);
        }

        writer.WriteLine();
        table.WriteText(writer);
        if (listed.Length < all.Length)
        {
            writer.WriteLine();
            writer.WriteLine(
                $"{Quantity.Count(listed.Length)} of {Quantity.Count(all.Length)} tensors, "
                + $"{Quantity.Count(listed.Sum(e => e.ElementCount))} parameters, "
                + Quantity.Bytes(listed.Sum(e => e.ByteLength)));
        }
    }

    private static IEnumerable<(string Name, string Value)> Facts(Checkpoint checkpoint, TensorEntry[] all)
    {
        if (checkpoint.HasConfiguration)
        {
            yield return (
                "architecture",
                checkpoint.Configuration.Architecture + (checkpoint.Configuration.IsSupported ? string.Empty : " (not supported)"));
            string sizes = string.Join(", ", Summarise(checkpoint.Configuration.Root));
            if (sizes.Length > 0)
            {
                yield return ("configuration", sizes);
            }
        }

        yield return ("tensors", Quantity.Count(all.Length));
        yield return ("parameters", Quantity.Count(all.Sum(entry => entry.ElementCount)));
        yield return (
            "size",
            $"{Quantity.Bytes(checkpoint.ByteLength)} in {checkpoint.Files.Count} {(checkpoint.Files.Count == 1 ? "file" : "files")}");
        yield return (
            "dtypes", string.Join(", ", all.GroupBy(entry => SafetensorsDTypes.NameOf(entry.DType)).Select(g => $"{g.Key} ({g.Count()})")));
        foreach ((string key, string value) in checkpoint.Metadata)
        {
            yield return ("metadata", $"{key} = {value}");
        }
    }

    private static IEnumerable<string> Summarise(JsonElement configuration)
    {
        // A whole CLIP describes its image encoder in an object of its own.
        JsonElement vision = configuration.TryGetProperty("vision_config", out JsonElement nested)
            && nested.ValueKind == JsonValueKind.Object
            ? nested
            : configuration;
        foreach (string name in ConfigurationSummary)
        {
            if ((vision.TryGetProperty(name, out JsonElement value) || configuration.TryGetProperty(name, out value))
                && value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
            {
                yield return $"{name} {value}";
            }
        }
    }
}
