using System;
using Engine.Kernels.Host;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <content>Copies and fills.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Copy(TensorRef source, TensorRef destination)
    {
        ElementTransfer.CheckCopy(source, destination);
        if (destination.ElementCount == 0)
        {
            return;
        }

        if (source.DType == DType.F64 || destination.DType == DType.F64)
        {
            CopyOnHost(source, destination);
        }
        else if (source.Buffer is HostMemory)
        {
            CopyFromHost(source, destination);
        }
        else
        {
            CopyOnDevice(source, destination);
        }
    }

    /// <inheritdoc/>
    public void Fill(TensorRef destination, float value)
    {
        switch (destination.DType)
        {
            case DType.F32:
                Fill<Float32Format, float>(destination, value);
                break;
            case DType.BF16:
                Fill<BFloat16Format, ushort>(destination, value);
                break;
            case DType.F16:
                Fill<Float16Format, ushort>(destination, value);
                break;
            default:
                throw new OperandException($"Fill: operand 'destination' {destination} is not a floating-point tensor of this device.");
        }
    }

    private void Fill<TFormat, TElement>(in TensorRef destination, float value)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged
    {
        (int rows, int columns, int stride, _) = Flatten(destination, destination);
        FillKernelArgs<TElement> kernel = new()
        {
            X = View<TElement>(destination), XStride = stride, Rows = rows, Columns = columns, Value = value,
        };
        if (BeginAligned(rows, destination, destination))
        {
            FillKernel<TFormat, TElement, VectorAccess>.Launch(_launcher, kernel);
        }
        else
        {
            FillKernel<TFormat, TElement, ScalarAccess>.Launch(_launcher, kernel);
        }
    }

    /// <summary>Whether all rows begin where vectors may.</summary>
    private static bool BeginAligned(int rows, in TensorRef source, in TensorRef destination) =>
        AreAligned(source, destination) != 0
        && (rows == 1 || (source.RowStride % Float4.Width == 0 && destination.RowStride % Float4.Width == 0));

    /// <summary>Rows and columns of two tensors of the same size, as one row if neither has gaps.</summary>
    private static (int Rows, int Columns, int SourceStride, int DestinationStride) Flatten(in TensorRef source, in TensorRef destination)
    {
        bool isFlat = source.IsContiguous && destination.IsContiguous && source.ElementCount <= int.MaxValue;
        return isFlat
            ? (1, (int)source.ElementCount, (int)source.ElementCount, (int)source.ElementCount)
            : (source.Rows, source.Columns, source.RowStride, destination.RowStride);
    }

    private void CopyOnDevice(in TensorRef source, in TensorRef destination)
    {
        switch (source.DType)
        {
            case DType.F32:
                CopyFrom<Float32Format, float>(source, destination);
                break;
            case DType.BF16:
                CopyFrom<BFloat16Format, ushort>(source, destination);
                break;
            case DType.F16:
                CopyFrom<Float16Format, ushort>(source, destination);
                break;
            default:
                CopyRows(source, destination);
                break;
        }
    }

    private void CopyFrom<TFrom, TFromElement>(in TensorRef source, in TensorRef destination)
        where TFrom : struct, IStorageFormat<TFromElement>
        where TFromElement : unmanaged
    {
        switch (destination.DType)
        {
            case DType.F32:
                CopyTo<TFrom, TFromElement, Float32Format, float>(source, destination);
                break;
            case DType.BF16:
                CopyTo<TFrom, TFromElement, BFloat16Format, ushort>(source, destination);
                break;
            default:
                CopyTo<TFrom, TFromElement, Float16Format, ushort>(source, destination);
                break;
        }
    }

    private void CopyTo<TFrom, TFromElement, TTo, TToElement>(in TensorRef source, in TensorRef destination)
        where TFrom : struct, IStorageFormat<TFromElement>
        where TFromElement : unmanaged
        where TTo : struct, IStorageFormat<TToElement>
        where TToElement : unmanaged
    {
        (int rows, int columns, int sourceStride, int destinationStride) = Flatten(source, destination);
        CopyKernelArgs<TFromElement, TToElement> kernel = new()
        {
            X = View<TFromElement>(source),
            Y = View<TToElement>(destination),
            XStride = sourceStride,
            YStride = destinationStride,
            Rows = rows,
            Columns = columns,
        };
        if (BeginAligned(rows, source, destination))
        {
            CopyKernel<TFrom, TFromElement, TTo, TToElement, VectorAccess>.Launch(_launcher, kernel);
        }
        else
        {
            CopyKernel<TFrom, TFromElement, TTo, TToElement, ScalarAccess>.Launch(_launcher, kernel);
        }
    }

    /// <summary>Elements that are not numbers, byte by byte.</summary>
    private void CopyRows(in TensorRef source, in TensorRef destination)
    {
        (int rows, int columns, int sourceStride, int destinationStride) = Flatten(source, destination);
        int size = source.DType.SizeInBytes();
        _launcher.Flush();
        for (int row = 0; row < rows; row++)
        {
            ArrayView<byte> target = Bytes(destination).SubView((long)row * destinationStride * size, (long)columns * size);
            Bytes(source).SubView((long)row * sourceStride * size, (long)columns * size).CopyTo(_stream, target);
        }
    }

    /// <summary>From host memory: the bytes as they are, converted on the device.</summary>
    private unsafe void CopyFromHost(in TensorRef source, in TensorRef destination)
    {
        int size = source.DType.SizeInBytes();
        byte* first = ((HostMemory)source.Buffer!).Address + source.ByteOffset;
        if (source.DType == destination.DType && source.IsContiguous && destination.IsContiguous)
        {
            Upload(first, Bytes(destination));
            return;
        }

        using DeviceBuffer raw = new(_accelerator, _launcher, source.ToString(), source.ElementCount * size);
        int rows = source.IsContiguous ? 1 : source.Rows;
        long rowBytes = source.ElementCount / rows * size;
        for (int row = 0; row < rows; row++)
        {
            Upload(first + ((long)row * source.RowStride * size), raw.View.SubView(row * rowBytes, rowBytes));
        }

        CopyOnDevice(new TensorRef(raw, 0, source.DType, source.Shape, source.Name!), destination);
        _launcher.Synchronize();
    }

    /// <summary>With F64, which only comparisons use: rows pass through the host, where they are converted.</summary>
    private void CopyOnHost(in TensorRef source, in TensorRef destination)
    {
        using HostBackend host = new(1);
        using NativeBuffer sourceBytes = new(source.Name!, source.ElementCount * source.DType.SizeInBytes());
        using NativeBuffer destinationBytes = new(destination.Name!, destination.ElementCount * destination.DType.SizeInBytes());
        DownloadRows(source, BytesOf(sourceBytes));
        host.Copy(
            new TensorRef(sourceBytes, 0, source.DType, source.Shape, source.Name!),
            new TensorRef(destinationBytes, 0, destination.DType, destination.Shape, destination.Name!));
        UploadRows(BytesOf(destinationBytes), destination);
    }

    private static unsafe Span<byte> BytesOf(NativeBuffer buffer) => new(buffer.Address, (int)buffer.ByteLength);
}
