using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The rows of a block that go on after its keys and values: all R = B * T, or one per sample where only that one becomes a feature.
/// The others are asked for keys and values, and are done.
/// </summary>
/// <param name="Scratch">Memory for as many rows.</param>
/// <param name="Batch">B.</param>
/// <param name="KeyMask">Optional U8 [B, T]: the keys that these rows see.</param>
/// <param name="Selected">I32 [B], the rows that go on; "no tensor" if all do.</param>
internal readonly record struct BlockRows(BlockScratch Scratch, int Batch, TensorRef KeyMask, TensorRef Selected = default)
{
    /// <summary>True if no row stays behind.</summary>
    public bool AreAll => Selected.IsNone;

    /// <summary>These rows of a tensor: all of it as it is, or the selected ones copied.</summary>
    /// <param name="backend">Copies.</param>
    /// <param name="all">[R, n].</param>
    /// <param name="copy">Receives the selected rows [B, n].</param>
    public TensorRef Of(IBackend backend, TensorRef all, TensorRef copy)
    {
        if (AreAll)
        {
            return all;
        }

        backend.GatherRows(all, Selected, copy);
        return copy;
    }
}
