using System;

namespace Engine.Models;

/// <summary>
/// Which examples the batch of a training step holds. Every epoch is a new random order of all examples, keyed by seed and epoch;
/// a last partial batch is dropped. The answer depends on the step number only, so resuming needs nothing else.
/// </summary>
public sealed class EpochSampler
{
    // Keeps the epochs' streams apart from other uses of the seed.
    private const ulong StreamTag = 0x45504F43_00000000;

    private readonly ulong _seed;
    private readonly int[] _order;
    private long _orderEpoch = -1;

    /// <summary>Creates a sampler.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">Examples of a batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="DataException">The data set has fewer examples than a batch.</exception>
    public EpochSampler(IDataset dataset, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (dataset.Count < batchSize)
        {
            throw new DataException($"Data set '{dataset.Name}' has {dataset.Count} examples, fewer than a batch of {batchSize}.");
        }

        _seed = seed;
        _order = new int[dataset.Count];
        BatchSize = batchSize;
    }

    /// <summary>Examples of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches of an epoch.</summary>
    public int StepsPerEpoch => _order.Length / BatchSize;

    /// <summary>The examples of one batch; allocates nothing.</summary>
    /// <param name="step">Number of the training step, from 0.</param>
    /// <param name="indices">Receives <see cref="BatchSize"/> example numbers.</param>
    public void Sample(long step, Span<int> indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNotEqual(indices.Length, BatchSize, nameof(indices));
        Shuffle(step / StepsPerEpoch);
        int start = (int)(step % StepsPerEpoch) * BatchSize;
        _order.AsSpan(start, BatchSize).CopyTo(indices);
    }

    private void Shuffle(long epoch)
    {
        if (epoch != _orderEpoch)
        {
            new CounterRandom(_seed, StreamTag + (ulong)epoch).Permutation(_order);
            _orderEpoch = epoch;
        }
    }
}
