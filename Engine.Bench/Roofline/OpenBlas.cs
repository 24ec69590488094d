using System;
using System.Runtime.InteropServices;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>OpenBLAS, where it is installed: a yardstick beside the engine's own products, never a dependency.</summary>
internal sealed unsafe class OpenBlas : IGemmYardstick
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;
    private static readonly string[] LibraryNames = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libopenblas.dll"];
    private static readonly Lazy<nint> Library = new(Load);

    private readonly delegate* unmanaged[Cdecl]<
        int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _gemm;

    private OpenBlas(int threads)
    {
        _gemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(Library.Value, "cblas_sgemm");
        if (NativeLibrary.TryGetExport(Library.Value, "openblas_set_num_threads", out nint setThreads))
        {
            ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(threads);
        }
    }

    /// <summary>Whether the library was found.</summary>
    public static bool IsInstalled => Library.Value != 0;

    /// <inheritdoc/>
    public string Name => "OpenBLAS";

    /// <summary>Finds the library.</summary>
    /// <param name="threads">Threads it may use.</param>
    /// <returns>Null if it is not installed.</returns>
    public static OpenBlas? TryLoad(int threads) => IsInstalled ? new OpenBlas(threads) : null;

    /// <summary>C = op(A) op(B) in host memory: the product alone, whatever epilogue the arguments ask for.</summary>
    public void Gemm(in GemmArgs args) => _gemm(
        RowMajor,
        args.TransposeA ? Transpose : NoTranspose,
        args.TransposeB ? Transpose : NoTranspose,
        args.M,
        args.N,
        args.K,
        1,
        Address(args.A),
        args.A.RowStride,
        Address(args.B),
        args.B.RowStride,
        0,
        Address(args.C),
        args.C.RowStride);

    /// <summary>The library stays loaded.</summary>
    public void Dispose()
    {
    }

    private static float* Address(in TensorRef tensor) => (float*)(((HostMemory)tensor.Buffer!).Address + tensor.ByteOffset);

    private static nint Load()
    {
        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return library;
            }
        }

        return 0;
    }
}
