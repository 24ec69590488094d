using System;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>One batch from a safetensors file: input_ids with attention_mask, or pixel_values; and labels. Other tensors are
/// ignored.</summary>
internal sealed class ModelInputs
{
    private const string LabelsName = "labels";

    private readonly SafetensorsFile _file;

    private ModelInputs(SafetensorsFile file, Batch batch)
    {
        _file = file;
        Batch = batch;
    }

    /// <summary>The samples, with labels where there are any.</summary>
    public Batch Batch { get; }

    /// <summary>True if the file holds labels.</summary>
    public bool HasLabels => _file.Contains(LabelsName);

    /// <summary>Reads and checks a batch.</summary>
    /// <param name="file">Holds the tensors.</param>
    /// <param name="backbone">What they must fit.</param>
    /// <param name="objective">Which kind of labels to read.</param>
    /// <param name="classes">Labels lie below it; 0 to leave labels alone.</param>
    /// <exception cref="DataException">A tensor is missing, of another shape or dtype, or out of range; the message names it.</exception>
    public static ModelInputs Read(SafetensorsFile file, Backbone backbone, Objective objective, int classes)
    {
        Batch batch = backbone is Gpt2Backbone language
            ? Tokens(file, language, objective)
            : Images(file, ((VisionBackbone)backbone).Input);
        ModelInputs inputs = new(file, batch);
        if (classes > 0 && inputs.HasLabels)
        {
            inputs.ReadLabels(objective, classes);
        }

        return inputs;
    }

    private static Batch Tokens(SafetensorsFile file, Gpt2Backbone backbone, Objective objective)
    {
        const string IdsName = "input_ids";
        const string MaskName = "attention_mask";
        TensorEntry ids = file[IdsName];
        int longest = backbone.Config.MaxPositionEmbeddings;
        if (ids.Shape.Count != 2 || ids.ElementCount == 0 || ids.ElementCount > int.MaxValue || ids.Shape[1] > longest)
        {
            throw DataException.ForTensor(file.Path, IdsName, $"expected [samples, 1 to {longest} tokens], found {ids.ShapeText}.");
        }

        Batch batch = Batch.ForTokens((int)ids.Shape[0], (int)ids.Shape[1], objective == Objective.LanguageModeling);
        batch.Count = batch.Capacity;
        Integers(file, IdsName, 0, backbone.Config.VocabSize - 1, batch.InputIds);
        Array.Fill(batch.AttentionMask, (byte)1);
        if (file.Contains(MaskName))
        {
            RequireShape(file, MaskName, ids.Shape[0], ids.Shape[1]);
            int[] mask = new int[batch.AttentionMask.Length];
            Integers(file, MaskName, 0, 1, mask);
            Array.ConvertAll(mask, static bit => (byte)bit).CopyTo(batch.AttentionMask, 0);
        }

        return batch;
    }

    private static Batch Images(SafetensorsFile file, VisionInput input)
    {
        const string PixelsName = "pixel_values";
        TensorEntry pixels = file[PixelsName];
        long[] expected = [input.Channels, input.ImageSize, input.ImageSize];
        if (pixels.Shape.Count != 4 || !pixels.Shape.Skip(1).SequenceEqual(expected) || pixels.Shape[0] is < 1 or > int.MaxValue)
        {
            throw DataException.ForTensor(
                file.Path, PixelsName, $"expected [images, {string.Join(", ", expected)}], found {pixels.ShapeText}.");
        }

        Batch batch = Batch.ForImages((int)pixels.Shape[0], input.Channels, input.ImageSize, input.ImageSize);
        batch.Count = batch.Capacity;
        file.ReadSingles(PixelsName).CopyTo(batch.PixelValues, 0);
        return batch;
    }

    private static void Integers(SafetensorsFile file, string name, int least, int most, int[] destination, int? alsoAllowed = null)
    {
        long[] values = file.ReadInt64s(name);
        for (int i = 0; i < values.Length; i++)
        {
            if ((values[i] < least || values[i] > most) && values[i] != alsoAllowed)
            {
                throw DataException.ForTensor(file.Path, name, $"element {i} is {values[i]}, expected {least} to {most}.");
            }

            destination[i] = (int)values[i];
        }
    }

    private static void RequireShape(SafetensorsFile file, string name, params long[] expected)
    {
        if (!file[name].Shape.SequenceEqual(expected))
        {
            throw DataException.ForTensor(file.Path, name, $"expected [{string.Join(", ", expected)}], found {file[name].ShapeText}.");
        }
    }

    private void ReadLabels(Objective objective, int classes)
    {
        if (objective == Objective.Regression)
        {
            RequireShape(_file, LabelsName, Batch.Count);
            _file.ReadSingles(LabelsName).CopyTo(Batch.Targets, 0);
            return;
        }

        RequireShape(_file, LabelsName, objective == Objective.LanguageModeling ? [Batch.Count, Batch.Tokens] : [Batch.Count]);
        Integers(_file, LabelsName, 0, classes - 1, Batch.Labels, CrossEntropyArgs.IgnoreLabel);
    }
}
