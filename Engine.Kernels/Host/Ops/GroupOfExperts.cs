using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>The inner loop of the weighted sum: experts of one dtype, one segment of elements.</summary>
internal unsafe struct GroupOfExperts
{
    /// <summary>All experts.</summary>
    public StoredOperand* Experts;
    public int ExpertCount;

    /// <summary>The group's experts, the last one exclusive.</summary>
    public int First;
    public int End;

    /// <summary>Weights of the segment's first element.</summary>
    public float* Weights;

    /// <summary>The base's segment, or null.</summary>
    public float* Base;

    /// <summary>The output's segment; groups but the first go on from it.</summary>
    public float* Output;

    /// <summary>Index of the segment's first element in the experts.</summary>
    public long Start;

    public int Length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Add<TIsa, TVector, TFormat, TWeights>()
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
        where TWeights : struct, IRoutingWeights
    {
        int step = 4 * TIsa.Width;
        int i = 0;
        for (; i + step <= Length; i += step)
        {
            AddFour<TIsa, TVector, TFormat, TWeights>(i);
        }

        for (; i < Length; i += TIsa.Width)
        {
            AddRegister<TIsa, TVector, TFormat, TWeights>(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddFour<TIsa, TVector, TFormat, TWeights>(int i)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
        where TWeights : struct, IRoutingWeights
    {
        int width = TIsa.Width;
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
        if (First > 0)
        {
            s0 = TIsa.Load(Output + i);
            s1 = TIsa.Load(Output + i + width);
            s2 = TIsa.Load(Output + i + (2 * width));
            s3 = TIsa.Load(Output + i + (3 * width));
        }

        for (int k = First; k < End; k++)
        {
            byte* expert = Experts[k].Address;
            long index = Start + i;
            float* weight = TWeights.Of(Weights, i, k, ExpertCount);
            TVector e0 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index), b0);
            TVector e1 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + width), b1);
            TVector e2 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (2 * width)), b2);
            TVector e3 = TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (3 * width)), b3);
            s0 = TIsa.MultiplyAdd(TWeights.Load<TIsa, TVector>(weight, 0), e0, s0);
            s1 = TIsa.MultiplyAdd(TWeights.Load<TIsa, TVector>(weight, width), e1, s1);
            s2 = TIsa.MultiplyAdd(TWeights.Load<TIsa, TVector>(weight, 2 * width), e2, s2);
            s3 = TIsa.MultiplyAdd(TWeights.Load<TIsa, TVector>(weight, 3 * width), e3, s3);
        }

        TIsa.Store(s0, Output + i);
        TIsa.Store(s1, Output + i + width);
        TIsa.Store(s2, Output + i + (2 * width));
        TIsa.Store(s3, Output + i + (3 * width));
    }

    /// <summary>One register, possibly partial, in the same order of operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddRegister<TIsa, TVector, TFormat, TWeights>(int i)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
        where TWeights : struct, IRoutingWeights
    {
        int left = Length - i;
        TVector b = Base == null ? TIsa.Zero : Lanes<TIsa, TVector>.Load(Base + i, left);
        TVector sum = First > 0 ? Lanes<TIsa, TVector>.Load(Output + i, left) : b;
        for (int k = First; k < End; k++)
        {
            TVector expert = Lanes<TIsa, TVector>.Load<TFormat>(Experts[k].Address, Start + i, left);
            TVector weight = TWeights.Load<TIsa, TVector>(TWeights.Of(Weights, i, k, ExpertCount), 0);
            sum = TIsa.MultiplyAdd(weight, TIsa.Subtract(expert, b), sum);
        }

        Lanes<TIsa, TVector>.Store(sum, Output + i, left);
    }
}
