namespace Engine.Kernels.Device;

/// <summary>
/// A format of operands of attention on tensor cores, and the instructions of one warp, which has sixteen rows. Scores, sums and fragments
/// are PTX registers with names (see <see cref="ITensorTile{TFormat}"/> why); those of scores and sums are declared by
/// <see cref="TensorScores"/>. There are two tiles of columns in shared memory, in <see cref="TensorAttention"/>'s order.
/// </summary>
internal interface IAttentionFormat
{
    /// <summary>For names of kernels.</summary>
    static abstract string Name { get; }

    /// <summary>Bytes of one element.</summary>
    static abstract int ElementBytes { get; }

    /// <summary>Groups of the forward pass per multiprocessor that registers must suffice for.</summary>
    static abstract int Groups { get; }

    /// <summary>Declares registers. Once per kernel, before everything else.</summary>
    static abstract void Declare();

    /// <summary>Rounds four neighbours of a row and writes them to shared memory.</summary>
    static abstract void Store(uint address, Float4 numbers);

    /// <summary>Loads the warp's sixteen rows of the first operand.</summary>
    static abstract void LoadFirst(AttentionReads reads);

    /// <summary>Loads the warp's sixteen rows of the second operand.</summary>
    static abstract void LoadSecond(AttentionReads reads);

    /// <summary>scores = first rows * first tile^T.</summary>
    static abstract void MultiplyFirst(AttentionReads reads);

    /// <summary>gradients = second rows * second tile^T.</summary>
    static abstract void MultiplySecond(AttentionReads reads);

    /// <summary>sums += rounded scores * second tile.</summary>
    static abstract void AddScores(AttentionReads reads);

    /// <summary>Other sums += rounded gradients * first tile.</summary>
    static abstract void AddGradients(AttentionReads reads);
}
