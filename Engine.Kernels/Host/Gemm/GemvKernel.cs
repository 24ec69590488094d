using System.Runtime.CompilerServices;

namespace Engine.Kernels.Host;

/// <summary>Inner loops of products with few rows. Four stored rows of B are read side by side, as many independent sums as the
/// multiply-add unit needs. They lie bStride bytes apart, far enough that each begins a long stream of memory, which the processor's own
/// prefetchers follow; four neighbours are a new stream each, every few kilobytes, and a third of the bandwidth is lost. Rows of A are
/// taken in pairs, so that what was read of B is used twice from registers. B is widened on the way in.</summary>
internal static unsafe class GemvKernel<TIsa, TVector, TFormat>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
    where TFormat : struct, IStorageFormat
{
    /// <summary>How far ahead of a stream its lines are asked for, in bytes: a little more than the processor does by itself.</summary>
    public const int StreamAhead = 512;

    private static int ElementsPerLine => NativeBuffer.Alignment / TFormat.ElementSize;

    /// <summary>sums[c] = a . b[c] for four rows of b.</summary>
    /// <param name="a">[K].</param>
    /// <param name="b">First of the four rows.</param>
    /// <param name="bStride">Bytes from one to the next.</param>
    /// <param name="depth">K.</param>
    /// <param name="sums">Where the first sum goes.</param>
    /// <param name="sumStep">Floats from one sum to the next.</param>
    /// <param name="ahead">Bytes from what is read now to what will be read soon.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Dot4(float* a, byte* b, nint bStride, int depth, float* sums, nint sumStep, nint ahead)
    {
        byte* b1 = b + bStride;
        byte* b2 = b1 + bStride;
        byte* b3 = b2 + bStride;
        TVector sum0 = TIsa.Zero;
        TVector sum1 = TIsa.Zero;
        TVector sum2 = TIsa.Zero;
        TVector sum3 = TIsa.Zero;
        int k = 0;
        for (; k + TIsa.Width <= depth; k += TIsa.Width)
        {
            Prefetch4(b, b1, b2, b3, k, ahead);
            TVector left = TIsa.Load(a + k);
            sum0 = TIsa.MultiplyAdd(left, TFormat.Load<TIsa, TVector>(b, k), sum0);
            sum1 = TIsa.MultiplyAdd(left, TFormat.Load<TIsa, TVector>(b1, k), sum1);
            sum2 = TIsa.MultiplyAdd(left, TFormat.Load<TIsa, TVector>(b2, k), sum2);
            sum3 = TIsa.MultiplyAdd(left, TFormat.Load<TIsa, TVector>(b3, k), sum3);
        }

        float* lanes = stackalloc float[4 * TIsa.Width];
        Park4(sum0, sum1, sum2, sum3, lanes);
        Finish4(lanes, a, b, bStride, k, depth, sums, sumStep);
    }

    /// <summary><see cref="Dot4"/> for two rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void DotPair4(
        float* a, float* nextA, byte* b, nint bStride, int depth, float* sums, float* nextSums, nint sumStep, nint ahead)
    {
        byte* b1 = b + bStride;
        byte* b2 = b1 + bStride;
        byte* b3 = b2 + bStride;
        TVector sum0 = TIsa.Zero;
        TVector sum1 = TIsa.Zero;
        TVector sum2 = TIsa.Zero;
        TVector sum3 = TIsa.Zero;
        TVector next0 = TIsa.Zero;
        TVector next1 = TIsa.Zero;
        TVector next2 = TIsa.Zero;
        TVector next3 = TIsa.Zero;
        int k = 0;
        for (; k + TIsa.Width <= depth; k += TIsa.Width)
        {
            Prefetch4(b, b1, b2, b3, k, ahead);
            TVector left = TIsa.Load(a + k);
            TVector nextLeft = TIsa.Load(nextA + k);
            TVector right = TFormat.Load<TIsa, TVector>(b, k);
            sum0 = TIsa.MultiplyAdd(left, right, sum0);
            next0 = TIsa.MultiplyAdd(nextLeft, right, next0);
            right = TFormat.Load<TIsa, TVector>(b1, k);
            sum1 = TIsa.MultiplyAdd(left, right, sum1);
            next1 = TIsa.MultiplyAdd(nextLeft, right, next1);
            right = TFormat.Load<TIsa, TVector>(b2, k);
            sum2 = TIsa.MultiplyAdd(left, right, sum2);
            next2 = TIsa.MultiplyAdd(nextLeft, right, next2);
            right = TFormat.Load<TIsa, TVector>(b3, k);
            sum3 = TIsa.MultiplyAdd(left, right, sum3);
            next3 = TIsa.MultiplyAdd(nextLeft, right, next3);
        }

        float* lanes = stackalloc float[8 * TIsa.Width];
        Park4(sum0, sum1, sum2, sum3, lanes);
        Park4(next0, next1, next2, next3, lanes + (4 * TIsa.Width));
        Finish4(lanes, a, b, bStride, k, depth, sums, sumStep);
        Finish4(lanes + (4 * TIsa.Width), nextA, b, bStride, k, depth, nextSums, sumStep);
    }

    /// <summary>a . b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* a, byte* b, int depth)
    {
        TVector sum = TIsa.Zero;
        int k = 0;
        for (; k + TIsa.Width <= depth; k += TIsa.Width)
        {
            sum = TIsa.MultiplyAdd(TIsa.Load(a + k), TFormat.Load<TIsa, TVector>(b, k), sum);
        }

        return TIsa.Sum(k < depth ? AddTail(sum, a, b, k, depth) : sum);
    }

    /// <summary>sums[i] += A[i, k] B[k] + A[i, k + step] B[k + step] + ... for four rows of B that lie far apart.</summary>
    /// <param name="operands">A is not transposed, B is [K, N].</param>
    /// <param name="k">First of the four rows.</param>
    /// <param name="step">Rows from one to the next.</param>
    /// <param name="column">First column of B.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="sums">[M, columns].</param>
    /// <param name="sumsStride">Floats from one row of sums to the next.</param>
    /// <param name="ahead">Bytes from what is read now to what will be read soon.</param>
    public static void AddRows4(
        in GemmOperands operands, int k, int step, int column, int columns, float* sums, nint sumsStride, nint ahead)
    {
        byte* b = operands.ElementOfB(k, column);
        float* a = operands.A + k;
        nint stride = step * operands.BRowBytes;
        int i = 0;
        for (; i + 2 <= operands.M; i += 2)
        {
            float* pair = sums + (i * sumsStride);
            float* aPair = a + (i * operands.AStride);
            AddScaledPair4(pair, pair + sumsStride, aPair, aPair + operands.AStride, step, b, stride, columns, ahead);
        }

        if (i < operands.M)
        {
            AddScaled4(sums + (i * sumsStride), a + (i * operands.AStride), step, b, stride, columns, ahead);
        }
    }

    /// <summary>sums[i] += A[i, k] B[k].</summary>
    /// <param name="operands">A is not transposed, B is [K, N].</param>
    /// <param name="k">Row of B.</param>
    /// <param name="column">First column of B.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="sums">[M, columns].</param>
    /// <param name="sumsStride">Floats from one row of sums to the next.</param>
    public static void AddRow(in GemmOperands operands, int k, int column, int columns, float* sums, nint sumsStride)
    {
        for (int i = 0; i < operands.M; i++)
        {
            AddScaled(sums + (i * sumsStride), operands.A[(i * operands.AStride) + k], operands.ElementOfB(k, column), columns);
        }
    }

    /// <summary>sums += a[0] b[0] + ... + a[3 aStep] b[3] for four rows of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled4(float* sums, float* a, nint aStep, byte* b, nint bStride, int columns, nint ahead)
    {
        byte* b1 = b + bStride;
        byte* b2 = b1 + bStride;
        byte* b3 = b2 + bStride;
        TVector a0 = TIsa.Broadcast(a[0]);
        TVector a1 = TIsa.Broadcast(a[aStep]);
        TVector a2 = TIsa.Broadcast(a[2 * aStep]);
        TVector a3 = TIsa.Broadcast(a[3 * aStep]);
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            Prefetch4(b, b1, b2, b3, j, ahead);
            TVector sum = TIsa.MultiplyAdd(a0, TFormat.Load<TIsa, TVector>(b, j), TIsa.Load(sums + j));
            sum = TIsa.MultiplyAdd(a1, TFormat.Load<TIsa, TVector>(b1, j), sum);
            sum = TIsa.MultiplyAdd(a2, TFormat.Load<TIsa, TVector>(b2, j), sum);
            TIsa.Store(TIsa.MultiplyAdd(a3, TFormat.Load<TIsa, TVector>(b3, j), sum), sums + j);
        }

        AddScaled4Tail(sums, a, aStep, b, bStride, j, columns);
    }

    /// <summary><see cref="AddScaled4"/> for two rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaledPair4(
        float* sums, float* nextSums, float* a, float* nextA, nint aStep, byte* b, nint bStride, int columns, nint ahead)
    {
        byte* b1 = b + bStride;
        byte* b2 = b1 + bStride;
        byte* b3 = b2 + bStride;
        TVector a0 = TIsa.Broadcast(a[0]);
        TVector a1 = TIsa.Broadcast(a[aStep]);
        TVector a2 = TIsa.Broadcast(a[2 * aStep]);
        TVector a3 = TIsa.Broadcast(a[3 * aStep]);
        TVector nextA0 = TIsa.Broadcast(nextA[0]);
        TVector nextA1 = TIsa.Broadcast(nextA[aStep]);
        TVector nextA2 = TIsa.Broadcast(nextA[2 * aStep]);
        TVector nextA3 = TIsa.Broadcast(nextA[3 * aStep]);
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            Prefetch4(b, b1, b2, b3, j, ahead);
            TVector right = TFormat.Load<TIsa, TVector>(b, j);
            TVector sum = TIsa.MultiplyAdd(a0, right, TIsa.Load(sums + j));
            TVector next = TIsa.MultiplyAdd(nextA0, right, TIsa.Load(nextSums + j));
            right = TFormat.Load<TIsa, TVector>(b1, j);
            sum = TIsa.MultiplyAdd(a1, right, sum);
            next = TIsa.MultiplyAdd(nextA1, right, next);
            right = TFormat.Load<TIsa, TVector>(b2, j);
            sum = TIsa.MultiplyAdd(a2, right, sum);
            next = TIsa.MultiplyAdd(nextA2, right, next);
            right = TFormat.Load<TIsa, TVector>(b3, j);
            TIsa.Store(TIsa.MultiplyAdd(a3, right, sum), sums + j);
            TIsa.Store(TIsa.MultiplyAdd(nextA3, right, next), nextSums + j);
        }

        AddScaled4Tail(sums, a, aStep, b, bStride, j, columns);
        AddScaled4Tail(nextSums, nextA, aStep, b, bStride, j, columns);
    }

    /// <summary>sums += a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* sums, float a, byte* b, int columns)
    {
        TVector scale = TIsa.Broadcast(a);
        int j = 0;
        for (; j + TIsa.Width <= columns; j += TIsa.Width)
        {
            TIsa.Store(TIsa.MultiplyAdd(scale, TFormat.Load<TIsa, TVector>(b, j), TIsa.Load(sums + j)), sums + j);
        }

        if (j < columns)
        {
            TVector right = TFormat.LoadPartial<TIsa, TVector>(b, j, columns - j);
            TIsa.StorePartial(TIsa.MultiplyAdd(scale, right, TIsa.LoadPartial(sums + j, columns - j)), sums + j, columns - j);
        }
    }

    /// <summary>Asks for the lines that hold these elements of rows further on, once per line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch4(byte* b, byte* b1, byte* b2, byte* b3, int index, nint ahead)
    {
        if (TIsa.Width >= ElementsPerLine || index % ElementsPerLine == 0)
        {
            nint offset = ahead + ((nint)index * TFormat.ElementSize);
            CachePrefetch.LineIntoSecondLevel(b + offset);
            CachePrefetch.LineIntoSecondLevel(b1 + offset);
            CachePrefetch.LineIntoSecondLevel(b2 + offset);
            CachePrefetch.LineIntoSecondLevel(b3 + offset);
        }
    }

    /// <summary>Stores sums before anything is called: the JIT spills registers that live across a call inside the loop that
    /// fills them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Park4(TVector sum0, TVector sum1, TVector sum2, TVector sum3, float* lanes)
    {
        TIsa.Store(sum0, lanes);
        TIsa.Store(sum1, lanes + TIsa.Width);
        TIsa.Store(sum2, lanes + (2 * TIsa.Width));
        TIsa.Store(sum3, lanes + (3 * TIsa.Width));
    }

    /// <summary>Adds up the lanes and what is left of k.</summary>
    private static void Finish4(float* lanes, float* a, byte* b, nint bStride, int start, int depth, float* sums, nint sumStep)
    {
        for (int i = 0; i < 4; i++)
        {
            TVector sum = TIsa.Load(lanes + (i * TIsa.Width));
            sums[i * sumStep] = TIsa.Sum(start < depth ? AddTail(sum, a, b + (i * bStride), start, depth) : sum);
        }
    }

    private static TVector AddTail(TVector sum, float* a, byte* b, int start, int depth) => TIsa.MultiplyAdd(
        TIsa.LoadPartial(a + start, depth - start), TFormat.LoadPartial<TIsa, TVector>(b, start, depth - start), sum);

    private static void AddScaled4Tail(float* sums, float* a, nint aStep, byte* b, nint bStride, int start, int columns)
    {
        if (start == columns)
        {
            return;
        }

        TVector sum = TIsa.LoadPartial(sums + start, columns - start);
        for (int i = 0; i < 4; i++)
        {
            TVector right = TFormat.LoadPartial<TIsa, TVector>(b + (i * bStride), start, columns - start);
            sum = TIsa.MultiplyAdd(TIsa.Broadcast(a[i * aStep]), right, sum);
        }

        TIsa.StorePartial(sum, sums + start, columns - start);
    }
}
