using System.Runtime.InteropServices;

namespace Engine.Bench;

/// <summary>OpenBLAS, where it is installed: a yardstick beside the engine's own products, never a dependency.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;
    private static readonly string[] LibraryNames = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libopenblas.dll"];

    private readonly delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _gemm;

    private OpenBlas(nint library, int threads)
    {
        _gemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        if (NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint setThreads))
        {
            ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(threads);
        }
    }

    /// <summary>Finds the library.</summary>
    /// <param name="threads">Threads it may use.</param>
    /// <returns>Null if it is not installed.</returns>
    public static OpenBlas? TryLoad(int threads)
    {
        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new OpenBlas(library, threads);
            }
        }

        return null;
    }

    /// <summary>C = op(A) op(B); row-major, without gaps.</summary>
    public void Gemm(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c) => _gemm(
        RowMajor,
        transposeA ? Transpose : NoTranspose,
        transposeB ? Transpose : NoTranspose,
        m,
        n,
        k,
        1,
        a,
        transposeA ? m : k,
        b,
        transposeB ? k : n,
        0,
        c,
        n);
}
