using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// A vector of each of up to eight experts in registers: their elements, or sums over them. Named fields, because an array that a loop
/// indexes would live in slow local memory; loads come before the arithmetic, so that all are on their way at once.
/// <para>
/// A thread has the same four elements of every operand: 16 bytes of those in float32, 8 of experts in 16 bits. With 16 bytes of these a
/// thread would have eight elements, and its float32 loads and stores would touch every sector twice. Whole sectors are read either way,
/// and what is on its way suffices: eight experts in BF16 beside base and result are 80 bytes per thread and 160 KB per multiprocessor,
/// where an H100 needs 3.35 TB/s times 0.7 us over 132 multiprocessors, 18 KB.
/// </para>
/// </summary>
internal struct ExpertVectors
{
    public Float4 E0;
    public Float4 E1;
    public Float4 E2;
    public Float4 E3;
    public Float4 E4;
    public Float4 E5;
    public Float4 E6;
    public Float4 E7;

    /// <summary>The elements of the first <paramref name="count"/> experts.</summary>
    public static ExpertVectors Load<TAccess, TFormat, TElement>(ExpertViews<TElement> views, int count, long index)
        where TAccess : struct, IElementAccess
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        ExpertVectors vectors = default;
        vectors.E0 = TAccess.Load<TFormat, TElement>(views.E0, index);

        if (count > 1)
        {
            vectors.E1 = TAccess.Load<TFormat, TElement>(views.E1, index);
        }

        if (count > 2)
        {
            vectors.E2 = TAccess.Load<TFormat, TElement>(views.E2, index);
        }

        if (count > 3)
        {
            vectors.E3 = TAccess.Load<TFormat, TElement>(views.E3, index);
        }

        if (count > 4)
        {
            vectors.E4 = TAccess.Load<TFormat, TElement>(views.E4, index);
        }

        if (count > 5)
        {
            vectors.E5 = TAccess.Load<TFormat, TElement>(views.E5, index);
        }

        if (count > 6)
        {
            vectors.E6 = TAccess.Load<TFormat, TElement>(views.E6, index);
        }

        if (count > 7)
        {
            vectors.E7 = TAccess.Load<TFormat, TElement>(views.E7, index);
        }

        return vectors;
    }

    /// <summary>Writes the vectors of the first <paramref name="count"/> experts, <paramref name="stride"/> vectors apart.</summary>
    public static void Store<TAccess>(
        ArrayView<float> view, int count, long first, int stride, ExpertVectors vectors)
        where TAccess : struct, IElementAccess
    {
        TAccess.Store(view, first, vectors.E0);

        if (count > 1)
        {
            TAccess.Store(view, first + stride, vectors.E1);
        }

        if (count > 2)
        {
            TAccess.Store(view, first + (2 * stride), vectors.E2);
        }

        if (count > 3)
        {
            TAccess.Store(view, first + (3 * stride), vectors.E3);
        }

        if (count > 4)
        {
            TAccess.Store(view, first + (4 * stride), vectors.E4);
        }

        if (count > 5)
        {
            TAccess.Store(view, first + (5 * stride), vectors.E5);
        }

        if (count > 6)
        {
            TAccess.Store(view, first + (6 * stride), vectors.E6);
        }

        if (count > 7)
        {
            TAccess.Store(view, first + (7 * stride), vectors.E7);
        }
    }

    /// <summary>sum + sum_i weight_i (expert_i - center) in the order of the experts, the difference first.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="experts">Their elements.</param>
    /// <param name="count">How many.</param>
    /// <param name="center">Elements of the base.</param>
    /// <param name="weights">Routing weights.</param>
    /// <param name="first">Index of the first expert's weight.</param>
    /// <param name="stride">From one expert's weight to the next.</param>
    public static Float4 WeightedSum<TWeight>(
        Float4 sum, ExpertVectors experts, int count, Float4 center, ArrayView<float> weights, int first, int stride)
        where TWeight : struct, IRoutingWeight
    {
        sum = Added(sum, TWeight.Load(weights, first), experts.E0, center);

        if (count > 1)
        {
            sum = Added(sum, TWeight.Load(weights, first + stride), experts.E1, center);
        }

        if (count > 2)
        {
            sum = Added(sum, TWeight.Load(weights, first + (2 * stride)), experts.E2, center);
        }

        if (count > 3)
        {
            sum = Added(sum, TWeight.Load(weights, first + (3 * stride)), experts.E3, center);
        }

        if (count > 4)
        {
            sum = Added(sum, TWeight.Load(weights, first + (4 * stride)), experts.E4, center);
        }

        if (count > 5)
        {
            sum = Added(sum, TWeight.Load(weights, first + (5 * stride)), experts.E5, center);
        }

        if (count > 6)
        {
            sum = Added(sum, TWeight.Load(weights, first + (6 * stride)), experts.E6, center);
        }

        if (count > 7)
        {
            sum = Added(sum, TWeight.Load(weights, first + (7 * stride)), experts.E7, center);
        }

        return sum;
    }

    /// <summary>sums_i + gradient (expert_i - center), element by element.</summary>
    public static ExpertVectors AddProducts(ExpertVectors sums, ExpertVectors experts, int count, Float4 center, Float4 gradient)
    {
        sums.E0 = Added(sums.E0, gradient, experts.E0, center);

        if (count > 1)
        {
            sums.E1 = Added(sums.E1, gradient, experts.E1, center);
        }

        if (count > 2)
        {
            sums.E2 = Added(sums.E2, gradient, experts.E2, center);
        }

        if (count > 3)
        {
            sums.E3 = Added(sums.E3, gradient, experts.E3, center);
        }

        if (count > 4)
        {
            sums.E4 = Added(sums.E4, gradient, experts.E4, center);
        }

        if (count > 5)
        {
            sums.E5 = Added(sums.E5, gradient, experts.E5, center);
        }

        if (count > 6)
        {
            sums.E6 = Added(sums.E6, gradient, experts.E6, center);
        }

        if (count > 7)
        {
            sums.E7 = Added(sums.E7, gradient, experts.E7, center);
        }

        return sums;
    }

    private static Float4 Added(Float4 sum, Float4 factor, Float4 expert, Float4 center) =>
        Float4.Add(sum, Float4.Multiply(factor, Float4.Subtract(expert, center)));
}
