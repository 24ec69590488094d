using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Writes safetensors files, tensor by tensor and atomically: see <see cref="AtomicFile"/>.</summary>
public static unsafe class SafetensorsWriter
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>
    /// Writes one file. Tensors lie in the order of the reference implementation: wide dtypes first, then by name; sources are
    /// read, and <see cref="TensorToWrite.Prepare"/> is called, in that order.
    /// </summary>
    /// <param name="path">The file; an older one is replaced. It may be the one that the sources are mapped from.</param>
    /// <param name="tensors">What to write.</param>
    /// <param name="metadata">Entries of "__metadata__"; "format: pt" is added if it holds no "format".</param>
    /// <exception cref="DataException">The file cannot be written, a name is used twice, a dtype cannot be converted, or a number
    /// does not fit the range of the stored dtype. No file is left behind, an older one stays.</exception>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, path, tensors, metadata, AtomicFile.CreateFile);

    /// <summary>As the public method; messages name <paramref name="shownPath"/>, <paramref name="create"/> opens the temporary
    /// file.</summary>
    internal static void Write(
        string path,
        string shownPath,
        IReadOnlyList<TensorToWrite> tensors,
        IReadOnlyDictionary<string, string>? metadata,
        Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsLayout layout = SafetensorsLayout.Plan(shownPath, tensors, metadata);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            AtomicFile.Write(path, shownPath, stream => WriteTo(stream, shownPath, layout, chunk), create);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static void WriteTo(Stream stream, string path, SafetensorsLayout layout, byte[] chunk)
    {
        stream.Write(layout.Header);
        foreach (TensorToWrite tensor in layout.Tensors)
        {
            tensor.Prepare?.Invoke();
            WriteTensor(stream, path, tensor, chunk);
        }
    }

    private static void WriteTensor(Stream stream, string path, TensorToWrite tensor, byte[] chunk)
    {
        TensorRef source = tensor.Source;
        byte* start = ((HostMemory)source.Buffer!).Address + source.ByteOffset;
        if (source.ElementCount == 0)
        {
            return;
        }

        if (source.IsContiguous)
        {
            WriteElements(stream, path, tensor, start, source.ElementCount, chunk);
            return;
        }

        long stride = (long)source.RowStride * source.DType.SizeInBytes();
        for (int row = 0; row < source.Rows; row++)
        {
            WriteElements(stream, path, tensor, start + (row * stride), source.Columns, chunk);
        }
    }

    private static void WriteElements(Stream stream, string path, TensorToWrite tensor, byte* source, long count, byte[] chunk)
    {
        DType from = tensor.Source.DType;
        DType to = tensor.StoredDType;
        int sourceSize = from.SizeInBytes();
        int storedSize = to.SizeInBytes();
        int most = ChunkBytes / Math.Max(sourceSize, storedSize);
        for (long done = 0; done < count; done += most)
        {
            int elements = (int)Math.Min(most, count - done);
            ReadOnlySpan<byte> bytes = new(source + (done * sourceSize), elements * sourceSize);
            if (from == to)
            {
                stream.Write(bytes);
                continue;
            }

            Span<byte> stored = chunk.AsSpan(0, elements * storedSize);
            ElementWriter.Convert(bytes, from, stored, to);
            int overflow = ElementWriter.CanOverflow(from, to) ? ElementWriter.FirstOverflow(bytes, from, stored, to) : -1;
            if (overflow >= 0)
            {
                throw DataException.ForTensor(
                    path, tensor.Name, $"the value {ElementWriter.ElementAt(bytes, from, overflow):R} does not fit the range of {to}.");
            }

            stream.Write(stored);
        }
    }
}
