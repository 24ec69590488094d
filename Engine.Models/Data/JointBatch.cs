using System;
using System.Collections.Generic;

namespace Engine.Models;

/// <summary>Several tasks' batches as one, so that a backbone computes them in one pass. Shorter token sequences are padded and
/// masked.</summary>
public sealed class JointBatch
{
    private Batch? _batch;

    /// <summary>Joins the inputs, in order; labels stay with the parts. Allocates only when sizes grow or change.</summary>
    /// <param name="parts">All images of one size, or all tokens.</param>
    /// <param name="first">Index of the first part that is joined.</param>
    /// <param name="count">How many are joined.</param>
    /// <exception cref="ArgumentException">Images of different sizes, or images beside tokens.</exception>
    public Batch Join(IReadOnlyList<Batch> parts, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(parts);
        int samples = 0;
        int tokens = 0;
        for (int i = first; i < first + count; i++)
        {
            samples += parts[i].Count;
            tokens = Math.Max(tokens, parts[i].Tokens);
        }

        Batch joint = Fitting(parts[first], samples, tokens);
        joint.Count = samples;
        int sample = 0;
        for (int i = first; i < first + count; i++)
        {
            Append(parts[i], joint, sample);
            sample += parts[i].Count;
        }

        return joint;
    }

    private Batch Fitting(Batch kind, int count, int tokens)
    {
        bool fits = _batch is not null && _batch.Capacity >= count && _batch.Tokens == tokens
            && _batch.Channels == kind.Channels && _batch.Height == kind.Height && _batch.Width == kind.Width;
        if (!fits)
        {
            _batch = tokens > 0
                ? Batch.ForTokens(count, tokens)
                : Batch.ForImages(count, kind.Channels, kind.Height, kind.Width);
        }

        return _batch!;
    }

    private static void Append(Batch part, Batch joint, int first)
    {
        if (part.Channels != joint.Channels || part.Height != joint.Height || part.Width != joint.Width
            || (part.Tokens > 0) != (joint.Tokens > 0))
        {
            throw new ArgumentException(
                $"Images [{part.Channels}, {part.Height}, {part.Width}] cannot be joined with [{joint.Channels}, {joint.Height}, "
                + $"{joint.Width}].");
        }

        if (part.Tokens == 0)
        {
            int image = part.Channels * part.Height * part.Width;
            part.PixelValues.AsSpan(0, part.Count * image).CopyTo(joint.PixelValues.AsSpan(first * image));
            return;
        }

        for (int i = 0; i < part.Count; i++)
        {
            Span<int> ids = joint.InputIds.AsSpan((first + i) * joint.Tokens, joint.Tokens);
            Span<byte> mask = joint.AttentionMask.AsSpan((first + i) * joint.Tokens, joint.Tokens);
            part.InputIds.AsSpan(i * part.Tokens, part.Tokens).CopyTo(ids);
            part.AttentionMask.AsSpan(i * part.Tokens, part.Tokens).CopyTo(mask);
            ids[part.Tokens..].Clear();
            mask[part.Tokens..].Clear();
        }
    }
}
