using System.Runtime.InteropServices;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;

namespace Engine.Bench;

/// <summary>cuBLAS, where it is installed: a yardstick, never a dependency. Bound here because ILGPU.Algorithms knows versions 10 to 12
/// only and has no product of BF16 operands.</summary>
internal sealed unsafe class CuBlas : IGemmYardstick
{
    private const int NoTranspose = 0;
    private const int Transpose = 1;

    // cudaDataType and cublasComputeType.
    private const int Real32 = 0;
    private const int RealBFloat16 = 14;
    private const int ComputeFloat32 = 68;
    private const int ComputeTensorFloat32 = 77;
    private const int DefaultAlgorithm = -1;

    private static readonly string[] LibraryNames = ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so"];

    private readonly nint _library;
    private readonly nint _handle;
    private readonly DeviceBackend _backend;
    private readonly delegate* unmanaged[Cdecl]<
        nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int> _gemm;

    private CuBlas(nint library, DeviceBackend backend, nint stream)
    {
        _library = library;
        _backend = backend;
        _gemm = (delegate* unmanaged[Cdecl]<
            nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int>)
            Export("cublasGemmEx");
        backend.Bind();
        nint handle;
        Check("cublasCreate", ((delegate* unmanaged[Cdecl]<nint*, int>)Export("cublasCreate_v2"))(&handle));
        _handle = handle;
        Check("cublasSetStream", ((delegate* unmanaged[Cdecl]<nint, nint, int>)Export("cublasSetStream_v2"))(handle, stream));
        int version;
        Check("cublasGetVersion", ((delegate* unmanaged[Cdecl]<nint, int*, int>)Export("cublasGetVersion_v2"))(handle, &version));
        Name = $"cuBLAS {version}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Finds the library.</summary>
    /// <param name="backend">Whose memory and stream are used.</param>
    /// <returns>Null if it is not installed, or the backend is not CUDA.</returns>
    /// <exception cref="BackendException">It is installed but does not start.</exception>
    public static CuBlas? TryLoad(DeviceBackend backend)
    {
        if (backend.Stream is not CudaStream stream)
        {
            return null;
        }

        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new CuBlas(library, backend, stream.StreamPtr);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Gemm(in GemmArgs args)
    {
        _backend.Bind();
        float one = 1;
        float zero = 0;

        // cuBLAS stores by columns and so sees transposes: of C = op(A) op(B) that is op(B)ᵀ op(A)ᵀ.
        Check("cublasGemmEx", _gemm(
            _handle,
            args.TransposeB ? Transpose : NoTranspose,
            args.TransposeA ? Transpose : NoTranspose,
            args.N,
            args.M,
            args.K,
            &one,
            Address(args.B),
            TypeOf(args.B),
            args.B.RowStride,
            Address(args.A),
            TypeOf(args.A),
            args.A.RowStride,
            &zero,
            Address(args.C),
            TypeOf(args.C),
            args.C.RowStride,
            _backend.Info.Precision == Precision.TensorFloat32 ? ComputeTensorFloat32 : ComputeFloat32,
            DefaultAlgorithm));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _backend.Bind();
        _ = ((delegate* unmanaged[Cdecl]<nint, int>)Export("cublasDestroy_v2"))(_handle);
    }

    private static void Check(string function, int status)
    {
        if (status != 0)
        {
            throw new BackendException($"{function}: status {status}.");
        }
    }

    private static nint Address(in TensorRef tensor) => ((DeviceBuffer)tensor.Buffer!).Address + (nint)tensor.ByteOffset;

    private static int TypeOf(in TensorRef tensor) => tensor.DType == DType.BF16 ? RealBFloat16 : Real32;

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
