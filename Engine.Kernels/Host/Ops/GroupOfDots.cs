using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>The inner loop of the n-way dot: experts of one dtype, one segment of elements.</summary>
internal unsafe struct GroupOfDots
{
    /// <summary>Products that a lane adds in float32 at most: four registers in each of sixteen rounds.</summary>
    public const int Chain = 4 * Rounds;

    private const int Rounds = 16;

    public StoredOperand* Experts;
    public int Count;

    /// <summary>The gradient's segment.</summary>
    public float* Gradient;

    /// <summary>The base's segment, or null.</summary>
    public float* Base;

    /// <summary>Index of the segment's first element in the experts.</summary>
    public long Start;

    public int Length;

    /// <summary>[experts of the group, lanes], float32, used within a call.</summary>
    public float* Sums;

    /// <summary>[experts of the group, lanes], added to.</summary>
    public double* LaneSums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Add<TIsa, TVector, TFormat>()
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int width = TIsa.Width;
        int whole = Length / (4 * width) * (4 * width);
        int block = Rounds * 4 * width;
        for (int start = 0; start < whole; start += block)
        {
            int end = start + block < whole ? start + block : whole;
            for (int k = 0; k < Count; k++)
            {
                TIsa.Store(TIsa.Zero, Sums + (k * width));
            }

            for (int i = start; i < end; i += 4 * width)
            {
                AddFour<TIsa, TVector, TFormat>(i);
            }

            for (int k = 0; k < Count; k++)
            {
                TIsa.AddToDouble(TIsa.Load(Sums + (k * width)), LaneSums + (k * width));
            }
        }

        for (int i = whole; i < Length; i += width)
        {
            AddRegister<TIsa, TVector, TFormat>(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddFour<TIsa, TVector, TFormat>(int i)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int width = TIsa.Width;
        TVector g0 = TIsa.Load(Gradient + i);
        TVector g1 = TIsa.Load(Gradient + i + width);
        TVector g2 = TIsa.Load(Gradient + i + (2 * width));
        TVector g3 = TIsa.Load(Gradient + i + (3 * width));
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

        for (int k = 0; k < Count; k++)
        {
            byte* expert = Experts[k].Address;
            long index = Start + i;
            TVector sum = TIsa.Load(Sums + (k * width));
            TVector s0 = TIsa.Multiply(g0, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index), b0));
            TVector s1 = TIsa.Multiply(g1, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + width), b1));
            s0 = TIsa.MultiplyAdd(g2, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (2 * width)), b2), s0);
            s1 = TIsa.MultiplyAdd(g3, TIsa.Subtract(TFormat.Load<TIsa, TVector>(expert, index + (3 * width)), b3), s1);
            TIsa.Store(TIsa.Add(sum, TIsa.Add(s0, s1)), Sums + (k * width));
        }
    }

    /// <summary>One register, possibly partial: zeros in gradient, base and experts behind the end add nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddRegister<TIsa, TVector, TFormat>(int i)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
        where TFormat : struct, IStorageFormat
    {
        int left = Length - i;
        TVector g = Lanes<TIsa, TVector>.Load(Gradient + i, left);
        TVector b = Base == null ? TIsa.Zero : Lanes<TIsa, TVector>.Load(Base + i, left);
        for (int k = 0; k < Count; k++)
        {
            TVector expert = Lanes<TIsa, TVector>.Load<TFormat>(Experts[k].Address, Start + i, left);
            TIsa.AddToDouble(TIsa.Multiply(g, TIsa.Subtract(expert, b)), LaneSums + (k * TIsa.Width));
        }
    }
}
