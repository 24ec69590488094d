using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Engine.Models;

/// <summary>
/// How bytes become pixel values: y = (byte * rescale_factor - mean[c]) / std[c], from a Hugging Face preprocessor_config.json.
/// Resizing and cropping are not part of it.
/// </summary>
public sealed class PixelNormalization
{
    /// <summary>The file's usual name in a checkpoint's folder.</summary>
    public const string FileName = "preprocessor_config.json";

    private const int Levels = 256;

    private static readonly double[] ClipMean = [0.48145466, 0.4578275, 0.40821073];
    private static readonly double[] ClipStd = [0.26862954, 0.26130258, 0.27577711];

    private readonly float[] _table;

    /// <summary>Creates a normalisation.</summary>
    /// <param name="rescaleFactor">Factor of the byte; 1 for no rescaling.</param>
    /// <param name="mean">Subtracted, one per channel.</param>
    /// <param name="std">Divisor, one per channel.</param>
    /// <exception cref="ArgumentException">Counts differ, or a divisor is not positive.</exception>
    public PixelNormalization(double rescaleFactor, IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Count != std.Count || mean.Count == 0 || std.Any(static value => !(value > 0)))
        {
            throw new ArgumentException($"Expected as many positive stds as means, found {mean.Count} and {std.Count}.", nameof(std));
        }

        RescaleFactor = rescaleFactor;
        Mean = mean;
        Std = std;
        _table = new float[mean.Count * Levels];
        for (int i = 0; i < _table.Length; i++)
        {
            _table[i] = (float)(((i % Levels * rescaleFactor) - mean[i / Levels]) / std[i / Levels]);
        }
    }

    /// <summary>Factor of the byte.</summary>
    public double RescaleFactor { get; }

    /// <summary>Subtracted after rescaling, one per channel.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Divisor, one per channel.</summary>
    public IReadOnlyList<double> Std { get; }

    /// <summary>Number of channels.</summary>
    public int Channels => Mean.Count;

    /// <summary>The values of all 256 bytes in one channel.</summary>
    /// <param name="channel">0 to Channels - 1.</param>
    public ReadOnlySpan<float> Table(int channel) => _table.AsSpan(channel * Levels, Levels);

    /// <summary>Reads the preprocessor of a checkpoint's folder.</summary>
    /// <param name="folder">The folder. Without a file in it, or a field in that, the model's own defaults hold: 1/255; CLIP's
    /// mean and standard deviation for CLIP, otherwise 0.5.</param>
    /// <param name="configuration">Which model it is.</param>
    /// <param name="channels">Channels of the model's images; a single mean or std serves all of them.</param>
    /// <exception cref="DataException">The file is malformed, or has another number of channels.</exception>
    public static PixelNormalization Read(string folder, ModelConfiguration configuration, int channels)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        string path = Path.Combine(folder, FileName);
        string text = File.Exists(path) ? TextFile.Read(path) : "{}";
        ConfigurationFields fields = new(path, JsonText.ParseObject(path, text));
        bool isClip = configuration.Architecture is ModelConfiguration.ClipVisionModel or ModelConfiguration.ClipVisionModelWithProjection;
        double[] mean = fields.OptionalNumbers("image_mean") ?? (isClip && channels == ClipMean.Length ? ClipMean : [0.5]);
        double[] std = fields.OptionalNumbers("image_std") ?? (isClip && channels == ClipStd.Length ? ClipStd : [0.5]);
        double rescale = fields.Flag("do_rescale", true) ? fields.Number("rescale_factor", 1.0 / 255) : 1;
        if (!fields.Flag("do_normalize", true))
        {
            mean = [0];
            std = [1];
        }

        if (std.Any(static value => !(value > 0)))
        {
            throw new DataException($"{path}: image_std holds a value that is not positive.");
        }

        mean = PerChannel(path, "image_mean", mean, channels);
        return new PixelNormalization(rescale, mean, PerChannel(path, "image_std", std, channels));
    }

    private static double[] PerChannel(string path, string key, double[] values, int channels) =>
        values.Length == channels ? values
        : values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)]
        : throw new DataException($"{path}: {key} has {values.Length} values, the model's images have {channels} channels.");
}
