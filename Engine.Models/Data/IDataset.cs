using System;

namespace Engine.Models;

/// <summary>Examples that can be fetched in any order.</summary>
public interface IDataset
{
    /// <summary>Name for messages and reports.</summary>
    string Name { get; }

    /// <summary>Number of examples, at least 1.</summary>
    int Count { get; }

    /// <summary>Number of classes; 1 for regression, 0 for language modelling.</summary>
    int ClassCount { get; }

    /// <summary>A batch of the right kind and size.</summary>
    /// <param name="capacity">Most examples.</param>
    Batch CreateBatch(int capacity);

    /// <summary>Fills a batch with examples, in the order of the indices; allocates nothing.</summary>
    /// <param name="batch">A batch as <see cref="CreateBatch"/> makes them; its count becomes the number of indices.</param>
    /// <param name="indices">Example numbers from 0 to Count - 1, at most the batch's capacity.</param>
    /// <exception cref="ArgumentException">The batch is of another kind or size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range, or there are too many.</exception>
    void Fill(Batch batch, ReadOnlySpan<int> indices);
}
