using System;

namespace Engine.Models;

/// <summary>
/// Host arrays for a batch of examples, allocated once and filled again and again: images [B, channels, height, width], or
/// token ids with their mask [B, tokens]; and labels or targets. Only the first <see cref="Count"/> examples are meant.
/// </summary>
public sealed class Batch
{
    private int _count;

    private Batch(int capacity, int labelsPerExample)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        LabelsPerExample = labelsPerExample;
        Labels = new int[checked(capacity * labelsPerExample)];
        Targets = new float[capacity];
    }

    /// <summary>Most examples that fit.</summary>
    public int Capacity { get; }

    /// <summary>Examples that the batch holds now, at most <see cref="Capacity"/>.</summary>
    public int Count
    {
        get => _count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Capacity);
            _count = value;
        }
    }

    /// <summary>Channels of an image; 0 for tokens.</summary>
    public int Channels { get; private init; }

    /// <summary>Height of an image in pixels; 0 for tokens.</summary>
    public int Height { get; private init; }

    /// <summary>Width of an image in pixels; 0 for tokens.</summary>
    public int Width { get; private init; }

    /// <summary>Length of a token sequence; 0 for images.</summary>
    public int Tokens { get; private init; }

    /// <summary>Labels of one example: 1, or one per token for language modelling.</summary>
    public int LabelsPerExample { get; }

    /// <summary>Normalised pixels [B, channels, height, width]; empty for tokens.</summary>
    public float[] PixelValues { get; private init; } = [];

    /// <summary>Token ids [B, tokens]; empty for images.</summary>
    public int[] InputIds { get; private init; } = [];

    /// <summary>1 for a token, 0 for padding [B, tokens]; empty for images.</summary>
    public byte[] AttentionMask { get; private init; } = [];

    /// <summary>Class numbers [B] or [B, tokens]; -100 is not counted.</summary>
    public int[] Labels { get; }

    /// <summary>Regression targets [B].</summary>
    public float[] Targets { get; }

    /// <summary>A batch of images.</summary>
    /// <param name="capacity">Most examples.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    public static Batch ForImages(int capacity, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return new Batch(capacity, 1)
        {
            Channels = channels,
            Height = height,
            Width = width,
            PixelValues = new float[checked(capacity * channels * height * width)],
        };
    }

    /// <summary>A batch of token sequences.</summary>
    /// <param name="capacity">Most examples.</param>
    /// <param name="tokens">Length of a sequence.</param>
    /// <param name="labelPerToken">True for language modelling: one label per token instead of one per example.</param>
    public static Batch ForTokens(int capacity, int tokens, bool labelPerToken = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokens);
        return new Batch(capacity, labelPerToken ? tokens : 1)
        {
            Tokens = tokens,
            InputIds = new int[checked(capacity * tokens)],
            AttentionMask = new byte[checked(capacity * tokens)],
        };
    }
}
