using System;
using System.Runtime.InteropServices;
using ILGPU;

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
            Span<float> narrowed = Single(source.Length);
            ReadOnlySpan<double> exact = MemoryMarshal.Cast<T, double>(source);
            for (int i = 0; i < narrowed.Length; i++)
            {
                narrowed[i] = (float)exact[i];
            }

            UploadRows(MemoryMarshal.AsBytes(narrowed), destination);
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
            Span<float> single = Single(destination.Length);
            DownloadRows(source, MemoryMarshal.AsBytes(single));
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

    private unsafe void UploadRows(ReadOnlySpan<byte> source, in TensorRef destination)
    {
        int rows = destination.IsContiguous ? 1 : destination.Rows;
        int rowBytes = source.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            ArrayView<byte> target = Bytes(destination)
                .SubView((long)row * destination.RowStride * destination.DType.SizeInBytes(), rowBytes);
            fixed (byte* first = source.Slice(row * rowBytes, rowBytes))
            {
                Upload(first, target);
            }
        }
    }

    /// <summary>Copies bytes onto the device; the caller's memory may change as soon as this returns.</summary>
    private unsafe void Upload(byte* source, ArrayView<byte> target)
    {
        try
        {
            if (target.Length > TransferRing.MostUploadBytes)
            {
                // What was enqueued may still read the target.
                _launcher.Synchronize();
                _staging ??= new UploadStaging(_accelerator);
                _staging.Copy(source, target);
            }
            else if (target.Length > 0)
            {
                _launcher.Flush();
                _ring ??= new TransferRing(_accelerator, _stream);
                _ring.Upload(source, target);
            }
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In($"an upload of {target.Length:N0} bytes", _accelerator, exception);
        }
    }

    private void DownloadRows(in TensorRef source, Span<byte> destination)
    {
        int rows = source.IsContiguous ? 1 : source.Rows;
        int rowBytes = destination.Length / rows;
        ArrayView<byte> view = Bytes(source);
        _launcher.Synchronize();
        try
        {
            _ring ??= new TransferRing(_accelerator, _stream);
            for (int row = 0; row < rows; row++)
            {
                _ring.Download(
                    view.SubView((long)row * source.RowStride * source.DType.SizeInBytes(), rowBytes),
                    destination.Slice(row * rowBytes, rowBytes));
            }
        }
        catch (Exception exception) when (DeviceFailure.IsOne(exception))
        {
            throw DeviceFailure.In($"a download of {destination.Length:N0} bytes", _accelerator, exception);
        }
    }

    /// <summary>Memory for the float32 of doubles on their way.</summary>
    private Span<float> Single(int count)
    {
        if (_single.Length < count)
        {
            _single = new float[count];
        }

        return _single.AsSpan(0, count);
    }

    private ArrayView<byte> Bytes(in TensorRef tensor) => View<byte>(tensor);
}
