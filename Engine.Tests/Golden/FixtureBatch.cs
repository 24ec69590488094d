using System;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>Reads batches from fixtures.</summary>
internal static class FixtureBatch
{
    /// <summary>Images with labels.</summary>
    public static Batch Images(SafetensorsFile file, string prefix = "")
    {
        TensorEntry pixels = file[prefix + "pixel_values"];
        int count = (int)pixels.Shape[0];
        Batch batch = Batch.ForImages(count, (int)pixels.Shape[1], (int)pixels.Shape[2], (int)pixels.Shape[3]);
        batch.Count = count;
        file.ReadSingles(pixels.Name).CopyTo(batch.PixelValues, 0);
        Ints(file, prefix + "labels").CopyTo(batch.Labels, 0);
        return batch;
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
        int[] labels = file.Contains(prefix + "labels") && !IsRegression(file, prefix) ? Ints(file, prefix + "labels") : [];
        bool labelPerToken = step < 0 && labels.Length == count * tokens && file[prefix + "labels"].Shape.Count == 2;
        Batch batch = Batch.ForTokens(count, tokens, labelPerToken);
        batch.Count = count;
        Step(Ints(file, ids.Name), step, count * tokens).CopyTo(batch.InputIds, 0);
        Array.Fill(batch.AttentionMask, (byte)1);
        if (file.Contains(prefix + "attention_mask"))
        {
            int[] mask = Step(Ints(file, prefix + "attention_mask"), step, count * tokens);
            Array.ConvertAll(mask, static bit => (byte)bit).CopyTo(batch.AttentionMask, 0);
        }

        if (IsRegression(file, prefix))
        {
            file.ReadSingles(prefix + "labels").CopyTo(batch.Targets, 0);
        }

        Step(labels, labels.Length == 0 ? -1 : step, count).CopyTo(batch.Labels, 0);
        return batch;
    }

    private static bool IsRegression(SafetensorsFile file, string prefix) =>
        file.Contains(prefix + "labels") && file[prefix + "labels"].DType == DType.F64;

    private static int[] Step(int[] all, int step, int length) => step < 0 ? all : all.AsSpan(step * length, length).ToArray();

    private static int[] Ints(SafetensorsFile file, string name) => [.. file.ReadInt64s(name).Select(static value => (int)value)];
}
