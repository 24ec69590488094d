using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>The order of tensors in a file that is to be written, and its header.</summary>
internal sealed class SafetensorsLayout
{
    // Wide elements first keep every tensor aligned; the reference implementation orders dtypes likewise.
    private static readonly DType[] Order =
    [
        DType.U64, DType.I64, DType.F64, DType.F32, DType.U32, DType.I32,
        DType.BF16, DType.F16, DType.U16, DType.I16, DType.I8, DType.U8, DType.Bool,
    ];

    private SafetensorsLayout(TensorToWrite[] tensors, byte[] header)
    {
        Tensors = tensors;
        Header = header;
    }

    /// <summary>The tensors in file order.</summary>
    public IReadOnlyList<TensorToWrite> Tensors { get; }

    /// <summary>Length prefix, JSON text and padding: the bytes in front of the data.</summary>
    public byte[] Header { get; }

    /// <summary>Orders the tensors and writes the header.</summary>
    /// <param name="path">The file to be written, for messages.</param>
    /// <param name="tensors">The tensors; names must be unique.</param>
    /// <param name="metadata">Text entries; null for "format: pt" alone.</param>
    /// <exception cref="DataException">A name is used twice or reserved, a dtype cannot be converted, or the header becomes
    /// too long.</exception>
    public static SafetensorsLayout Plan(string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (TensorToWrite tensor in tensors)
        {
            Check(path, tensor);
            if (!names.Add(tensor.Name))
            {
                throw DataException.ForTensor(path, tensor.Name, "the name is used twice or reserved.");
            }
        }

        TensorToWrite[] ordered = [.. tensors
            .OrderBy(static tensor => Array.IndexOf(Order, tensor.StoredDType))
            .ThenBy(static tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = CreateHeader(ordered, metadata);
        return header.Length - SafetensorsHeader.LengthPrefix <= SafetensorsHeader.MaxLength
            ? new SafetensorsLayout(ordered, header)
            : throw new DataException(
                $"Cannot write '{path}': a header of {header.Length} bytes exceeds the {SafetensorsHeader.MaxLength} allowed.");
    }

    private static void Check(string path, TensorToWrite tensor)
    {
        if (tensor.Source.Buffer is not HostMemory)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}': expected host memory as source, found {tensor.Source}.", nameof(tensor));
        }

        if (!ElementWriter.CanConvert(tensor.Source.DType, tensor.StoredDType))
        {
            throw DataException.ForTensor(path, tensor.Name, $"{tensor.Source.DType} cannot be stored as {tensor.StoredDType}.");
        }

        Int128 elements = 1;
        foreach (long dimension in tensor.StoredDimensions())
        {
            elements *= dimension;
        }

        if (elements != tensor.Source.ElementCount)
        {
            throw DataException.ForTensor(
                path, tensor.Name, $"{tensor.Source.Shape} cannot be stored as [{string.Join(", ", tensor.StoredDimensions())}].");
        }
    }

    private static byte[] CreateHeader(TensorToWrite[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (TensorToWrite tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsDTypes.NameOf(tensor.StoredDType));
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.StoredDimensions())
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.StoredBytes;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int padded = (buffer.WrittenCount + 7) / 8 * 8;
        byte[] header = new byte[SafetensorsHeader.LengthPrefix + padded];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        buffer.WrittenSpan.CopyTo(header.AsSpan(SafetensorsHeader.LengthPrefix));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        // Readers of the model ecosystem refuse files that do not name a format.
        const string Format = "format";
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        metadata ??= new Dictionary<string, string>();
        if (!metadata.ContainsKey(Format))
        {
            json.WriteString(Format, "pt");
        }

        foreach ((string key, string value) in metadata.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
