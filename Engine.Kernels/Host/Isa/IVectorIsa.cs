namespace Engine.Kernels.Host;

/// <summary>What a kernel needs of a vector register, so that it is written once and compiled per instruction set.
/// Loads and stores are unaligned.</summary>
/// <typeparam name="TVector">The register type, for example Vector512 of float.</typeparam>
internal unsafe interface IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>Floats per register.</summary>
    static abstract int Width { get; }

    static abstract TVector Zero { get; }

    /// <summary>0, 1, 2, ... by lane.</summary>
    static abstract TVector LaneIndices { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* address);

    /// <summary>The first lanes from memory, zeros in the others.</summary>
    /// <param name="address">First element.</param>
    /// <param name="count">0 to <see cref="Width"/>; no memory behind is touched.</param>
    static abstract TVector LoadPartial(float* address, int count);

    /// <summary>Widens <see cref="Width"/> bfloat16 numbers, exactly.</summary>
    static abstract TVector LoadBFloat16(ushort* address);

    /// <summary>Widens <see cref="Width"/> binary16 numbers, exactly.</summary>
    static abstract TVector LoadFloat16(ushort* address);

    static abstract void Store(TVector value, float* address);

    /// <summary>Stores the first lanes only.</summary>
    static abstract void StorePartial(TVector value, float* address, int count);

    /// <summary>Narrows to bfloat16, rounding to nearest even; NaN stays NaN.</summary>
    static abstract void StoreBFloat16(TVector value, ushort* address);

    /// <summary>Narrows to binary16, rounding to nearest even; beyond 65504 to infinity, NaN stays NaN.</summary>
    static abstract void StoreFloat16(TVector value, ushort* address);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend; fused where the instruction exists.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Larger of two; which operand wins against NaN is up to the processor.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>Smaller of two; which operand wins against NaN is up to the processor.</summary>
    static abstract TVector Min(TVector left, TVector right);

    static abstract TVector Abs(TVector value);

    static abstract TVector Sqrt(TVector value);

    /// <summary>Natural logarithm; minus infinity at 0.</summary>
    static abstract TVector Log(TVector value);

    /// <summary>Per lane: left &lt; right ? whenLess : otherwise. A NaN compares as not less.</summary>
    static abstract TVector SelectLess(TVector left, TVector right, TVector whenLess, TVector otherwise);

    /// <summary>Per lane: value * 2^n by integer addition to the exponent field, n being the low bits of <paramref name="shifted"/>,
    /// which is 1.5 * 2^23 + n. Neither value nor result may be subnormal or infinite.</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector shifted);

    /// <summary>Sum of the lanes, in a fixed order.</summary>
    static abstract float Sum(TVector value);

    /// <summary>Largest lane.</summary>
    static abstract float MaxLane(TVector value);

    /// <summary>sums[lane] += value[lane], in float64.</summary>
    static abstract void AddToDouble(TVector value, double* sums);

    /// <summary>destination[j, i] = source[i, j] for a block of <see cref="Width"/> x <see cref="Width"/>; the two do not
    /// overlap.</summary>
    /// <param name="source">First element.</param>
    /// <param name="sourceStride">Elements from one row to the next.</param>
    /// <param name="destination">First element.</param>
    /// <param name="destinationStride">Elements from one row to the next.</param>
    static abstract void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride);
}
