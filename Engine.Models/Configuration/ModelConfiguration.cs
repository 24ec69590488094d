using System;
using System.IO;
using System.Text.Json;

namespace Engine.Models;

/// <summary>A Hugging Face config.json: which model it describes, and its raw fields for the typed configurations.</summary>
public sealed class ModelConfiguration
{
    /// <summary>The file's usual name in a checkpoint's folder.</summary>
    public const string FileName = "config.json";

    /// <summary>Vision transformer with a linear classifier.</summary>
    public const string ViTForImageClassification = "ViTForImageClassification";

    /// <summary>CLIP's image encoder without projection.</summary>
    public const string ClipVisionModel = "CLIPVisionModel";

    /// <summary>CLIP's image encoder with projection into the space shared with text.</summary>
    public const string ClipVisionModelWithProjection = "CLIPVisionModelWithProjection";

    /// <summary>GPT-2 with the tied language-modelling head.</summary>
    public const string Gpt2LMHeadModel = "GPT2LMHeadModel";

    /// <summary>GPT-2 with a linear classifier of the last token.</summary>
    public const string Gpt2ForSequenceClassification = "GPT2ForSequenceClassification";

    private ModelConfiguration(string path, string text, JsonElement root)
    {
        Path = path;
        Text = text;
        Root = root;
        ConfigurationFields fields = new(path, root);
        ModelType = fields.OptionalString("model_type") ?? string.Empty;
        Architecture = DetectArchitecture(fields.FirstString("architectures"), ModelType);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The file's text, for writing it again unchanged.</summary>
    public string Text { get; }

    /// <summary>The whole JSON object.</summary>
    public JsonElement Root { get; }

    /// <summary>"model_type"; empty if absent.</summary>
    public string ModelType { get; }

    /// <summary>
    /// The class name in the field's standard library: one of the constants of this class, found in "architectures" or else by
    /// "model_type". A model that is not supported keeps the name the file gives it; then <see cref="IsSupported"/> is false.
    /// </summary>
    public string Architecture { get; }

    /// <summary>True if <see cref="Architecture"/> is one of the constants of this class.</summary>
    public bool IsSupported => IsKnown(Architecture);

    /// <summary>Reads a config.json.</summary>
    /// <param name="path">The file, or the folder of a checkpoint that holds it.</param>
    /// <exception cref="DataException">The file is missing, cannot be read or is not a JSON object.</exception>
    public static ModelConfiguration Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? System.IO.Path.Combine(path, FileName) : path;
        return Parse(file, TextFile.Read(file));
    }

    /// <summary>Takes the text of a config.json that is not, or not yet, in a file.</summary>
    /// <param name="path">Where it comes from or goes to, for messages.</param>
    /// <param name="text">A JSON object.</param>
    /// <exception cref="DataException">The text is not a JSON object.</exception>
    public static ModelConfiguration Parse(string path, string text) => new(path, text, JsonText.ParseObject(path, text));

    /// <summary>The error to throw where a supported model is needed.</summary>
    public DataException Unsupported() => new(
        $"{Path}: architectures / model_type: '{Architecture}' is not supported (supported: {ViTForImageClassification}, "
        + $"{ClipVisionModel}, {ClipVisionModelWithProjection}, {Gpt2LMHeadModel}, {Gpt2ForSequenceClassification}).");

    private static bool IsKnown(string? name) => name is ViTForImageClassification or ClipVisionModel
        or ClipVisionModelWithProjection or Gpt2LMHeadModel or Gpt2ForSequenceClassification;

    private static string DetectArchitecture(string? declared, string modelType) => IsKnown(declared)
        ? declared!
        : modelType switch
        {
            "vit" => ViTForImageClassification,
            "clip" => ClipVisionModelWithProjection,
            "clip_vision_model" => ClipVisionModel,
            "gpt2" => Gpt2LMHeadModel,
            _ => declared ?? modelType,
        };
}
