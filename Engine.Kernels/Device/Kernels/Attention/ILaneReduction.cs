using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// Reductions over the <see cref="AttentionTile.Lanes"/> neighbouring threads that share a row, four numbers at a time; each of them gets the
/// result. Orders are fixed, so that results are equal to the bit from run to run. All threads of a group must call them together.
/// </summary>
internal interface ILaneReduction
{
    /// <summary>Sums over the lanes.</summary>
    /// <param name="value">This thread's numbers.</param>
    /// <param name="slots">Shared memory that nobody reads, an element per thread; free again afterwards.</param>
    static abstract Float4 Sum(Float4 value, ArrayView<Float4> slots);

    /// <summary>Largest values over the lanes.</summary>
    /// <inheritdoc cref="Sum"/>
    static abstract Float4 Max(Float4 value, ArrayView<Float4> slots);
}
