using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>The inner loop of the weighted sum: experts of one dtype, one segment of elements.</summary>
internal unsafe struct GroupOfExperts
{
    public StoredOperand* Experts;
    public int Count;

    /// <summary>One float per expert, or per expert a row of <see cref="WeightStride"/> floats, one per element.</summary>
    public float* Weights;

    /// <summary>0 if an expert's weight is the same for all elements.</summary>
    public long WeightStride;

    /// <summary>The base's segment, or null.</summary>
    public float* Base;

    /// <summary>Go on from the output of the group before.</summary>
    public bool Accumulate;

    /// <summary>The output's segment.</summary>
    public float* Output;

    /// <summary>Index of the segment's first element in the experts.</summary>
    public long Start;

    public int Length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void AddTo<TIsa, TVector, TFormat>()
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int done = WeightStride == 0
            ? AddWholeRegisters<TIsa, TVector, TFormat>(perElement: false)
            : AddWholeRegisters<TIsa, TVector, TFormat>(perElement: true);
        for (int i = done; i < Length; i += TIsa.Width)
        {
            AddRegister<TIsa, TVector, TFormat>(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int AddWholeRegisters<TIsa, TVector, TFormat>(bool perElement)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int width = TIsa.Width;
        float* start = Accumulate ? Output : Base;
        StoredOperand* experts = Experts;
        int count = Count;
        int i = 0;
        for (; i + (4 * width) <= Length; i += 4 * width)
        {
            TVector b0 = TIsa.Zero;
            TVector b1 = TIsa.Zero;
            TVector b2 = TIsa.Zero;
            TVector b3 = TIsa.Zero;
            if (Base != null)
            {
                b0 = TIsa.Load(Base + i);
                b1 = TIsa.Load(Base + i + width);
                b2 = TIsa.Load(Base + i + (2 * width));
                b3 = TIsa.Load(Base + i + (3 * width));
            }

            TVector s0 = b0;
            TVector s1 = b1;
            TVector s2 = b2;
            TVector s3 = b3;
            if (Accumulate)
            {
                s0 = TIsa.Load(start + i);
                s1 = TIsa.Load(start + i + width);
                s2 = TIsa.Load(start + i + (2 * width));
                s3 = TIsa.Load(start + i + (3 * width));
            }

            for (int k = 0; k < count; k++)
            {
                byte* expert = experts[k].Address;
                long index = Start + i;
                float* weights = perElement ? Weights + (k * WeightStride) + i : Weights + k;
                TVector w = perElement ? TIsa.Load(weights) : TIsa.Broadcast(*weights);
                s0 = TIsa.MultiplyAdd(w, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index), b0), s0);
                w = perElement ? TIsa.Load(weights + width) : w;
                s1 = TIsa.MultiplyAdd(w, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + width), b1), s1);
                w = perElement ? TIsa.Load(weights + (2 * width)) : w;
                s2 = TIsa.MultiplyAdd(w, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (2 * width)), b2), s2);
                w = perElement ? TIsa.Load(weights + (3 * width)) : w;
                s3 = TIsa.MultiplyAdd(w, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (3 * width)), b3), s3);
            }

            TIsa.Store(s0, Output + i);
            TIsa.Store(s1, Output + i + width);
            TIsa.Store(s2, Output + i + (2 * width));
            TIsa.Store(s3, Output + i + (3 * width));
        }

        return i;
    }

    /// <summary>One register, possibly partial, in the same order of operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddRegister<TIsa, TVector, TFormat>(int i)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int left = Length - i;
        TVector b = Base == null ? TIsa.Zero : Lanes<TIsa, TVector>.Load(Base + i, left);
        TVector sum = Accumulate ? Lanes<TIsa, TVector>.Load(Output + i, left) : b;
        for (int k = 0; k < Count; k++)
        {
            TVector w = WeightStride == 0
                ? TIsa.Broadcast(Weights[k])
                : Lanes<TIsa, TVector>.Load(Weights + (k * WeightStride) + i, left);
            TVector expert = left >= TIsa.Width
                ? TFormat.Load<TIsa, TVector>(Experts[k].Address, Start + i)
                : TFormat.LoadPartial<TIsa, TVector>(Experts[k].Address, Start + i, left);
            sum = TIsa.MultiplyAdd(w, TIsa.Subtract(expert, b), sum);
        }

        Lanes<TIsa, TVector>.Store(sum, Output + i, left);
    }
}
