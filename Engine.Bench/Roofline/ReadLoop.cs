using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Bench;

/// <summary>Reads memory as fast as one thread can: four streams far apart, nothing written.</summary>
internal static unsafe class ReadLoop
{
    private const int Streams = 4;

    /// <summary>Reads the memory once.</summary>
    /// <param name="memory">First float.</param>
    /// <param name="count">Floats; a few behind the last whole stream are left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(float* memory, long count)
    {
        long stream = count / Streams / (4 * Vector<float>.Count) * (4 * Vector<float>.Count);
        Vector<float> sum0 = Vector<float>.Zero;
        Vector<float> sum1 = Vector<float>.Zero;
        Vector<float> sum2 = Vector<float>.Zero;
        Vector<float> sum3 = Vector<float>.Zero;
        for (long i = 0; i < stream; i += 4 * Vector<float>.Count)
        {
            for (float* next = memory + i; next < memory + (Streams * stream); next += stream)
            {
                sum0 += Vector.Load(next);
                sum1 += Vector.Load(next + Vector<float>.Count);
                sum2 += Vector.Load(next + (2 * Vector<float>.Count));
                sum3 += Vector.Load(next + (3 * Vector<float>.Count));
            }
        }

        return Vector.Sum(sum0 + sum1 + sum2 + sum3);
    }
}
