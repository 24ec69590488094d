using System;

namespace Engine.Models;

/// <summary>
/// Token sequences from a safetensors file: input_ids [N, S], attention_mask [N, S] (optional, 1 for tokens) and labels: [N]
/// integers for classification, [N] numbers for regression, [N, S] or none for language modelling. Without
/// labels every token that is not masked is its own label; the shift by one position is the model's.
/// </summary>
public sealed class TokenDataset : IDataset
{
    /// <summary>The label of a position that is not counted.</summary>
    public const int IgnoredLabel = -100;

    private readonly int[] _ids;
    private readonly byte[] _mask;
    private readonly int[] _labels;
    private readonly float[] _targets;
    private readonly bool _labelPerToken;

    private TokenDataset(string name, TokenDatasetReader reader, int classCount)
    {
        Name = name;
        ClassCount = classCount;
        Count = reader.Count;
        Tokens = reader.Tokens;
        _ids = reader.ReadIds();
        _mask = reader.ReadMask();
        _labelPerToken = classCount == 0;
        _labels = _labelPerToken ? reader.ReadTokenLabels(_ids, _mask) : classCount > 1 ? reader.ReadClasses(classCount) : [];
        _targets = classCount == 1 ? reader.ReadTargets() : [];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <summary>Length of every sequence.</summary>
    public int Tokens { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="name">Name for messages and reports.</param>
    /// <param name="path">A safetensors file.</param>
    /// <param name="vocabSize">Size of the model's vocabulary; ids lie below it.</param>
    /// <param name="classCount">Number of classes; 1 for regression, 0 for language modelling.</param>
    /// <exception cref="DataException">The file is malformed, a tensor is missing or has another shape or dtype, there are no examples,
    /// or an id, mask or label is out of range.</exception>
    public static TokenDataset Load(string name, string path, int vocabSize, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabSize);
        ArgumentOutOfRangeException.ThrowIfNegative(classCount);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return new TokenDataset(name, new TokenDatasetReader(file, vocabSize), classCount);
    }

    /// <inheritdoc/>
    public Batch CreateBatch(int capacity) => Batch.ForTokens(capacity, Tokens, _labelPerToken);

    /// <inheritdoc/>
    public void Fill(Batch batch, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int labelsPerExample = _labelPerToken ? Tokens : 1;
        if (batch.Tokens != Tokens || batch.LabelsPerExample != labelsPerExample)
        {
            throw new ArgumentException(
                $"Data set '{Name}' has {Tokens} tokens and {labelsPerExample} labels per example, "
                + $"the batch {batch.Tokens} and {batch.LabelsPerExample}.",
                nameof(batch));
        }

        batch.Count = indices.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(indices));
            _ids.AsSpan(index * Tokens, Tokens).CopyTo(batch.InputIds.AsSpan(i * Tokens));
            _mask.AsSpan(index * Tokens, Tokens).CopyTo(batch.AttentionMask.AsSpan(i * Tokens));
            if (_labels.Length > 0)
            {
                _labels.AsSpan(index * labelsPerExample, labelsPerExample).CopyTo(batch.Labels.AsSpan(i * labelsPerExample));
            }
            else
            {
                batch.Targets[i] = _targets[index];
            }
        }
    }
}
