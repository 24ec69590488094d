using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Models;

/// <summary>Reads and checks the tensors of a <see cref="TokenDataset"/>.</summary>
internal sealed class TokenDatasetReader
{
    private const string IdsName = "input_ids";
    private const string MaskName = "attention_mask";
    private const string LabelsName = "labels";

    private readonly SafetensorsFile _file;
    private readonly int _vocabSize;

    /// <summary>Checks the shape of the token ids, [examples, tokens].</summary>
    public TokenDatasetReader(SafetensorsFile file, int vocabSize)
    {
        _file = file;
        _vocabSize = vocabSize;
        TensorEntry ids = file[IdsName];
        if (ids.Shape.Count != 2 || ids.ElementCount > Array.MaxLength)
        {
            throw Wrong(IdsName, $"expected [examples, tokens] that fit one array, found {ids.ShapeText}.");
        }

        if (ids.ElementCount == 0)
        {
            throw Wrong(IdsName, $"the data set is empty: {ids.ShapeText}.");
        }

        Count = (int)ids.Shape[0];
        Tokens = (int)ids.Shape[1];
    }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Length of every sequence.</summary>
    public int Tokens { get; }

    /// <summary>Token ids [examples, tokens].</summary>
    public int[] ReadIds() => ReadIntegers(IdsName, [Count, Tokens], _vocabSize, "the size of the vocabulary");

    /// <summary>1 for a token, 0 for padding.</summary>
    public byte[] ReadMask()
    {
        byte[] mask = new byte[Count * Tokens];
        if (_file.Contains(MaskName))
        {
            int[] values = ReadIntegers(MaskName, [Count, Tokens], 2, "a mask of 0 and 1");
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = (byte)values[i];
            }
        }
        else
        {
            mask.AsSpan().Fill(1);
        }

        return mask;
    }

    /// <summary>One class number per example.</summary>
    public int[] ReadClasses(int classCount) => ReadIntegers(LabelsName, [Count], classCount, "the number of classes");

    /// <summary>One number per example.</summary>
    public float[] ReadTargets()
    {
        CheckShape(LabelsName, [Count]);
        float[] targets = _file.ReadSingles(LabelsName);
        int wrong = Array.FindIndex(targets, static value => !float.IsFinite(value));
        return wrong < 0 ? targets : throw Wrong(LabelsName, $"the target of example {wrong} is {targets[wrong]}.");
    }

    /// <summary>One label per token; <see cref="TokenDataset.IgnoredLabel"/> where none counts.</summary>
    public int[] ReadTokenLabels(int[] ids, byte[] mask)
    {
        if (_file.Contains(LabelsName))
        {
            return ReadIntegers(LabelsName, [Count, Tokens], _vocabSize, "the size of the vocabulary", allowIgnored: true);
        }

        int[] labels = new int[ids.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = mask[i] == 0 ? TokenDataset.IgnoredLabel : ids[i];
        }

        return labels;
    }

    private int[] ReadIntegers(string name, IReadOnlyList<long> shape, int limit, string limitName, bool allowIgnored = false)
    {
        CheckShape(name, shape);
        long[] stored = _file.ReadInt64s(name);
        int[] values = new int[stored.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if ((ulong)stored[i] >= (ulong)limit && !(allowIgnored && stored[i] == TokenDataset.IgnoredLabel))
            {
                int example = i / (stored.Length / Count);
                throw Wrong(name, $"{stored[i]} in example {example} is out of range, expected 0 to {limit - 1} ({limitName}).");
            }

            values[i] = (int)stored[i];
        }

        return values;
    }

    private void CheckShape(string name, IReadOnlyList<long> expected)
    {
        TensorEntry entry = _file[name];
        if (!entry.Shape.SequenceEqual(expected))
        {
            throw Wrong(name, $"expected [{string.Join(", ", expected)}], found {entry.ShapeText}.");
        }
    }

    private DataException Wrong(string name, string problem) => DataException.ForTensor(_file.Path, name, problem);
}
