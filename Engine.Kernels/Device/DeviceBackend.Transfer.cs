using System;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <content>Transfers.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Upload<T>(ReadOnlySpan<T> source, TensorRef destination)
        where T : unmanaged
    {
        ElementTransfer.Check<T>("Upload", source.Length, destination);
        if (!destination.IsContiguous)
        {
            throw new OperandException(
                $"Upload: operand 'destination' {destination} must be contiguous, its row stride is {destination.RowStride}.");
        }

        if (source.Length == 0)
        {
            return;
        }

        if (typeof(T) == typeof(double) && destination.DType == DType.F32)
        {
            float[] narrowed = new float[source.Length];
            ReadOnlySpan<double> exact = MemoryMarshal.Cast<T, double>(source);
            for (int i = 0; i < narrowed.Length; i++)
            {
                narrowed[i] = (float)exact[i];
            }

            UploadRows(MemoryMarshal.AsBytes<float>(narrowed), destination);
        }
        else
        {
            UploadRows(MemoryMarshal.AsBytes(source), destination);
        }
    }

    /// <inheritdoc/>
    public void Download<T>(TensorRef source, Span<T> destination)
        where T : unmanaged
    {
        ElementTransfer.Check<T>("Download", destination.Length, source);
        if (destination.Length == 0)
        {
            return;
        }

        if (typeof(T) == typeof(double) && source.DType == DType.F32)
        {
            float[] single = new float[destination.Length];
            DownloadRows(source, MemoryMarshal.AsBytes(single.AsSpan()));
            Span<double> widened = MemoryMarshal.Cast<T, double>(destination);
            for (int i = 0; i < single.Length; i++)
            {
                widened[i] = single[i];
            }
        }
        else
        {
            DownloadRows(source, MemoryMarshal.AsBytes(destination));
        }
    }

    private void UploadRows(ReadOnlySpan<byte> source, in TensorRef destination)
    {
        int rows = destination.IsContiguous ? 1 : destination.Rows;
        int rowBytes = source.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            Bytes(destination).SubView((long)row * destination.RowStride * destination.DType.SizeInBytes(), rowBytes)
                .CopyFromCPU(_stream, source.Slice(row * rowBytes, rowBytes));
        }

        // The caller's memory may change as soon as this returns.
        _stream.Synchronize();
    }

    private void DownloadRows(in TensorRef source, Span<byte> destination)
    {
        int rows = source.IsContiguous ? 1 : source.Rows;
        int rowBytes = destination.Length / rows;
        ArrayView<byte> view = Bytes(source);
        _launcher.Synchronize();
        for (int row = 0; row < rows; row++)
        {
            Span<byte> target = destination.Slice(row * rowBytes, rowBytes);
            view.SubView((long)row * source.RowStride * source.DType.SizeInBytes(), rowBytes).CopyToCPU(_stream, target);
        }

        _stream.Synchronize();
    }

    private ArrayView<byte> Bytes(in TensorRef tensor) => View<byte>(tensor);
}
