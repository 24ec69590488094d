using System;

namespace Engine.Kernels;

/// <summary>
/// Computes ops. Calls are destination-passing, never allocate tensors, check their operands, and are enqueued in order;
/// results are visible after <see cref="Synchronize"/> or a download. Results do not depend on the number of threads,
/// and two runs are equal to the bit. One backend is used by one thread at a time.
/// </summary>
public interface IBackend :
    ITransferOps, IGemmOps, INormOps, IAttentionOps, IActivationOps, IEmbeddingOps, ILossOps, IMergeOps, IOptimizerOps, IDisposable
{
    /// <summary>What this backend is.</summary>
    BackendInfo Info { get; }

    /// <summary>Allocates zeroed memory: the only member that does.</summary>
    /// <param name="name">What it will hold; used in messages.</param>
    /// <param name="byteLength">Size in bytes.</param>
    Arena CreateArena(string name, long byteLength);

    /// <summary>Waits until everything enqueued has been computed.</summary>
    void Synchronize();
}
