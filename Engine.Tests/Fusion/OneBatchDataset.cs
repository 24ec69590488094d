using System;
using Engine.Models;

namespace Engine.Tests;

/// <summary>The examples of one batch as training data.</summary>
internal sealed class OneBatchDataset(Batch batch) : IDataset
{
    public string Name => "one batch";

    public int Count => batch.Count;

    public int ClassCount => 0;

    public Batch CreateBatch(int capacity) => batch.Tokens > 0
        ? Batch.ForTokens(capacity, batch.Tokens, batch.LabelsPerExample > 1)
        : Batch.ForImages(capacity, batch.Channels, batch.Height, batch.Width);

    public void Fill(Batch destination, ReadOnlySpan<int> indices)
    {
        destination.Count = indices.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            Copy(batch.PixelValues, indices[i], destination.PixelValues, i);
            Copy(batch.InputIds, indices[i], destination.InputIds, i);
            Copy(batch.AttentionMask, indices[i], destination.AttentionMask, i);
            Copy(batch.Labels, indices[i], destination.Labels, i);
        }
    }

    private void Copy<T>(T[] source, int from, T[] destination, int to)
    {
        int size = source.Length / batch.Capacity;
        source.AsSpan(from * size, size).CopyTo(destination.AsSpan(to * size));
    }
}
