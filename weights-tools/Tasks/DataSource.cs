using System;
using System.IO;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>Where examples come from: a pair of IDX files, or one safetensors file of token sequences.</summary>
internal sealed record DataSource
{
    // The names under which MNIST and its successors are published.
    private static readonly string[] ImageSuffixes =
        ["-images-idx3-ubyte.gz", "-images-idx3-ubyte", "-images-idx4-ubyte.gz", "-images-idx4-ubyte"];

    private static readonly string[] LabelSuffixes = ["-labels-idx1-ubyte.gz", "-labels-idx1-ubyte"];

    /// <summary>The short form: a safetensors file of tokens, or what the names of two IDX files begin with, for example
    /// "data/digits-train" for data/digits-train-images-idx3-ubyte.gz and data/digits-train-labels-idx1-ubyte.gz.</summary>
    public string? Stem { get; init; }

    /// <summary>IDX file of images.</summary>
    public string? Images { get; init; }

    /// <summary>IDX file of labels.</summary>
    public string? Labels { get; init; }

    /// <summary>Safetensors file with input_ids, and attention_mask and labels where needed.</summary>
    public string? Tokens { get; init; }

    /// <summary>True if exactly one kind of data is named.</summary>
    public bool IsComplete => (Stem, Images, Labels, Tokens) is
        (not null, null, null, null) or (null, not null, not null, null) or (null, null, null, not null);

    /// <summary>The same with every path changed.</summary>
    public DataSource WithPaths(Func<string, string> change) => new()
    {
        Stem = Stem is null ? null : change(Stem),
        Images = Images is null ? null : change(Images),
        Labels = Labels is null ? null : change(Labels),
        Tokens = Tokens is null ? null : change(Tokens),
    };

    /// <summary>Reads and checks the examples.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="checkpoint">Whose preprocessor normalises images.</param>
    /// <param name="backbone">What the examples must fit.</param>
    /// <param name="classes">Number of classes; 1 for regression, 0 for language modelling.</param>
    /// <exception cref="DataException">A file is missing, malformed or empty, or does not fit the model.</exception>
    public IDataset Load(string name, Checkpoint checkpoint, Backbone backbone, int classes)
    {
        DataSource source = Expanded();
        if (backbone is Gpt2Backbone language)
        {
            return source.Tokens is not null
                ? TokenDataset.Load(name, source.Tokens, language.Config.VocabSize, classes)
                : throw new DataException(
                    $"{checkpoint.Path} takes tokens: expected a safetensors file for '{name}', found images '{source.Images}'.");
        }

        VisionInput input = ((VisionBackbone)backbone).Input;
        PixelNormalization normalization = PixelNormalization.Read(checkpoint.Path, checkpoint.Configuration, input.Channels);
        return source.Images is not null
            ? ImageDataset.Load(name, source.Images, source.Labels!, normalization, input.ImageSize, classes)
            : throw new DataException($"{checkpoint.Path} takes images: expected IDX files for '{name}', found tokens '{source.Tokens}'.");
    }

    private static string Find(string stem, string[] suffixes) =>
        suffixes.Select(suffix => stem + suffix).FirstOrDefault(File.Exists)
        ?? throw new DataException(
            $"Cannot read '{stem}': expected '{stem}{suffixes[0]}' or another IDX file, or a .safetensors file of tokens.");

    private DataSource Expanded()
    {
        if (Stem is null)
        {
            return this;
        }

        return Stem.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? new DataSource { Tokens = Stem }
            : new DataSource { Images = Find(Stem, ImageSuffixes), Labels = Find(Stem, LabelSuffixes) };
    }
}
