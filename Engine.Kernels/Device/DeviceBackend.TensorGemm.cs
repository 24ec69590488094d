using ILGPU;

namespace Engine.Kernels.Device;

/// <content>Operands of products on tensor cores.</content>
internal sealed partial class DeviceBackend
{
    // What asynchronous copies move at once.
    private const int TensorAlignment = TensorGemm.ChunkBytes;

    /// <summary>The memory that a product needs beside its operands. Operands that tensor cores cannot read are copied there.</summary>
    /// <param name="plan">The product's.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="a">Replaced by its copy, if there is one.</param>
    /// <param name="b">Replaced by its copy, if there is one.</param>
    /// <returns>Partial sums, if the plan has slices.</returns>
    private ArrayView<float> GemmScratch(in GemmPlan plan, int m, int n, ref TensorRef a, ref TensorRef b)
    {
        long partialBytes = plan.Slices == 1 ? 0 : (long)plan.Slices * m * SliceStride(n) * sizeof(float);
        DType format = plan.Precision == Precision.BFloat16 ? DType.BF16 : DType.F32;
        bool isOnTensorCores = plan.Precision != Precision.Float32 && plan.Tile != GemmTileShape.FewRows;
        bool copiesA = isOnTensorCores && !IsReadable(a, format);
        bool copiesB = isOnTensorCores && !IsReadable(b, format);
        long bytesA = copiesA ? CopyBytes(a, format) : 0;
        long bytesB = copiesB ? CopyBytes(b, format) : 0;
        long bytes = bytesA + bytesB + partialBytes;
        ArrayView<float> scratch = bytes == 0 ? default : Scratch(bytes / sizeof(float));
        a = copiesA ? CopyToScratch(a, format, 0) : a;
        b = copiesB ? CopyToScratch(b, format, bytesA) : b;
        return partialBytes == 0 ? default : scratch.SubView((bytesA + bytesB) / sizeof(float), partialBytes / sizeof(float));
    }

    private static bool IsReadable(in TensorRef matrix, DType format) =>
        matrix.DType == format
        && matrix.ByteOffset % TensorAlignment == 0
        && (long)matrix.RowStride * format.SizeInBytes() % TensorAlignment == 0;

    private static int CopyStride(in TensorRef matrix, DType format)
    {
        int elements = TensorAlignment / format.SizeInBytes();
        return (matrix.Columns + elements - 1) / elements * elements;
    }

    private static long CopyBytes(in TensorRef matrix, DType format)
    {
        long bytes = (long)matrix.Rows * CopyStride(matrix, format) * format.SizeInBytes();
        return (bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;
    }

    private TensorRef CopyToScratch(in TensorRef matrix, DType format, long byteOffset)
    {
        TensorRef copy = new(
            _scratch!, byteOffset, format, new Shape(matrix.Rows, matrix.Columns), CopyStride(matrix, format), matrix.Name!);
        CopyOnDevice(matrix, copy);
        return copy;
    }
}
