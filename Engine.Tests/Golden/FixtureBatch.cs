using System;
using System.Linq;
using Engine.Models;

namespace Engine.Tests;

/// <summary>Reads batches from fixtures.</summary>
internal static class FixtureBatch
{
    /// <summary>Images with labels.</summary>
    public static Batch Images(SafetensorsFile file, string prefix = "")
    {
        TensorEntry pixels = file[prefix + "pixel_values"];
        return new Batch
        {
            Count = (int)pixels.Shape[0],
            Channels = (int)pixels.Shape[1],
            Height = (int)pixels.Shape[2],
            Width = (int)pixels.Shape[3],
            PixelValues = file.ReadSingles(pixels.Name),
            Labels = Ints(file, prefix + "labels"),
        };
    }

    /// <summary>Token sequences with whatever mask and labels there are.</summary>
    /// <param name="file">The fixture's file.</param>
    /// <param name="prefix">Of the names, for example "task.0.".</param>
    /// <param name="step">Index into a leading dimension of steps; -1 if there is none.</param>
    public static Batch Tokens(SafetensorsFile file, string prefix = "", int step = -1)
    {
        TensorEntry ids = file[prefix + "input_ids"];
        int offset = step < 0 ? 0 : 1;
        int count = (int)ids.Shape[offset];
        int tokens = (int)ids.Shape[offset + 1];
        Batch batch = new() { Count = count, Tokens = tokens, InputIds = Step(Ints(file, ids.Name), step, count * tokens) };
        if (file.Contains(prefix + "attention_mask"))
        {
            batch.AttentionMask = [.. Step(Ints(file, prefix + "attention_mask"), step, count * tokens).Select(static bit => (byte)bit)];
        }

        if (file.Contains(prefix + "labels"))
        {
            if (file[prefix + "labels"].DType == Engine.Kernels.DType.F64)
            {
                batch.Targets = file.ReadSingles(prefix + "labels");
            }
            else
            {
                int[] labels = Ints(file, prefix + "labels");
                batch.Labels = Step(labels, step, step < 0 ? labels.Length : count);
            }
        }

        return batch;
    }

    private static int[] Step(int[] all, int step, int length) => step < 0 ? all : all.AsSpan(step * length, length).ToArray();

    private static int[] Ints(SafetensorsFile file, string name) => [.. file.ReadInt64s(name).Select(static value => (int)value)];
}
