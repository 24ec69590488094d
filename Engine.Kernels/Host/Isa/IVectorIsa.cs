namespace Engine.Kernels.Host;

/// <summary>What an element-wise kernel needs of a vector register, so that it is written once and compiled per instruction set.
/// Loads and stores are unaligned.</summary>
/// <typeparam name="TVector">The register type, for example Vector512 of float.</typeparam>
internal unsafe interface IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>Floats per register.</summary>
    static abstract int Width { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* address);

    /// <summary>Widens <see cref="Width"/> bfloat16 numbers.</summary>
    static abstract TVector LoadBFloat16(ushort* address);

    static abstract void Store(TVector value, float* address);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend; fused where the instruction exists.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Max(TVector left, TVector right);

    static abstract TVector Min(TVector left, TVector right);

    static abstract TVector Abs(TVector value);

    static abstract TVector Sqrt(TVector value);

    /// <summary>e^x; arguments below -87 give 0, never a denormal.</summary>
    static abstract TVector Exp(TVector value);

    /// <summary>Per element: magnitude's absolute value with the sign of the other.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>Sum of the lanes, in a fixed order.</summary>
    static abstract float Sum(TVector value);

    /// <summary>Largest lane.</summary>
    static abstract float MaxLane(TVector value);

    /// <summary>Sum of the lanes of left * right in float64.</summary>
    static abstract double DotDouble(TVector left, TVector right);
}
