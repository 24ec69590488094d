using System;
using Engine.Models;

namespace Engine.Tests;

/// <summary>The images of one batch as training data.</summary>
internal sealed class OneBatchDataset(Batch batch) : IDataset
{
    public string Name => "one batch";

    public int Count => batch.Count;

    public int ClassCount => 0;

    public Batch CreateBatch(int capacity) => Batch.ForImages(capacity, batch.Channels, batch.Height, batch.Width);

    public void Fill(Batch destination, ReadOnlySpan<int> indices)
    {
        int size = batch.PixelValues.Length / batch.Capacity;
        destination.Count = indices.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            batch.PixelValues.AsSpan(indices[i] * size, size).CopyTo(destination.PixelValues.AsSpan(i * size));
            destination.Labels[i] = batch.Labels[indices[i]];
        }
    }
}
