using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Loops over any number of elements: whole registers, then a partial one. The branch is the loop's only misprediction.</summary>
internal static unsafe class Lanes<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    /// <summary>Loads a register, or what is left of the row with zeros behind.</summary>
    /// <param name="address">First element.</param>
    /// <param name="left">Elements left in the row, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* address, int left) =>
        left >= TIsa.Width ? TIsa.Load(address) : TIsa.LoadPartial(address, left);

    /// <summary><see cref="Load(float*, int)"/> of a stored tensor.</summary>
    /// <param name="tensor">First byte of element 0.</param>
    /// <param name="index">First element.</param>
    /// <param name="left">Elements left in the row, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TFormat>(byte* tensor, long index, int left)
        where TFormat : struct, IStorageFormat =>
        left >= TIsa.Width ? TFormat.Load<TIsa, TVector>(tensor, index) : TFormat.LoadPartial<TIsa, TVector>(tensor, index, left);

    /// <summary>Stores a register, or what is left of the row.</summary>
    /// <param name="value">Register.</param>
    /// <param name="address">First element.</param>
    /// <param name="left">Elements left in the row, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, float* address, int left)
    {
        if (left >= TIsa.Width)
        {
            TIsa.Store(value, address);
        }
        else
        {
            TIsa.StorePartial(value, address, left);
        }
    }

    /// <summary>Keeps the lanes that hold elements and replaces those behind the row's end.</summary>
    /// <param name="value">Register.</param>
    /// <param name="left">Elements left in the row, at least 1.</param>
    /// <param name="replacement">For the other lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Keep(TVector value, int left, float replacement) =>
        left >= TIsa.Width
            ? value
            : TIsa.SelectLess(TIsa.LaneIndices, TIsa.Broadcast(left), value, TIsa.Broadcast(replacement));
}
