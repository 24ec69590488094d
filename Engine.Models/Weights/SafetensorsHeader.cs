using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Unicode;

namespace Engine.Models;

/// <summary>
/// The parsed and validated head of a safetensors file: 8 bytes with the little-endian length of the JSON text, then the text.
/// Every rule of the format is checked: the text starts with '{', holds no duplicate or unknown keys and nothing behind it;
/// sizes follow from shape and dtype; the tensors cover the data without hole or overlap up to the last byte of the file.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest JSON text the format allows, in bytes.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>Bytes in front of the JSON text.</summary>
    public const int LengthPrefix = sizeof(ulong);

    /// <summary>The key of the file's own text entries.</summary>
    public const string MetadataKey = "__metadata__";

    private SafetensorsHeader(List<TensorEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>All tensors in the order in which they lie in the file.</summary>
    public List<TensorEntry> Entries { get; }

    /// <summary>The entries of "__metadata__".</summary>
    public Dictionary<string, string> Metadata { get; }

    /// <summary>Reads the head of a mapped file.</summary>
    /// <exception cref="DataException">The file breaks a rule of the format.</exception>
    public static SafetensorsHeader Read(MappedFile file)
    {
        string path = file.Name;
        if (file.ByteLength < LengthPrefix)
        {
            throw new DataException(
                $"{path}: truncated: {file.ByteLength} bytes, a safetensors file starts with 8 bytes of header length.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, LengthPrefix));
        if (length > MaxLength)
        {
            throw new DataException($"{path}: header of {length} bytes, the format allows {MaxLength}; is this a safetensors file?");
        }

        long dataStart = LengthPrefix + (long)length;
        if (dataStart > file.ByteLength)
        {
            throw new DataException($"{path}: truncated: the header ends at byte {dataStart}, the file has {file.ByteLength} bytes.");
        }

        ReadOnlySpan<byte> text = file.Bytes(LengthPrefix, (int)length);
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            throw new DataException($"{path}: the header does not start with '{{'.");
        }

        if (!Utf8.IsValid(text))
        {
            throw new DataException($"{path}: the header is not valid UTF-8.");
        }

        SafetensorsHeader header = Parse(path, text, dataStart);
        header.CheckCoverage(path, dataStart, file.ByteLength);
        return header;
    }

    private static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> text, long dataStart)
    {
        SafetensorsHeaderParser parser = new(path, text, dataStart);
        List<TensorEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        try
        {
            parser.StartDocument();
            while (parser.TryReadKey(out string name))
            {
                if (!names.Add(name))
                {
                    throw new DataException($"{path}: the name '{name}' occurs twice in the header.");
                }

                if (name == MetadataKey)
                {
                    metadata = parser.ReadMetadata();
                }
                else
                {
                    entries.Add(parser.ReadEntry(name));
                }
            }

            parser.EndDocument();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Utf8JsonReader reports bad syntax by the first and a string that is no Unicode by the second.
            throw new DataException($"{path}: the header is not valid JSON: {e.Message}", e);
        }

        return new SafetensorsHeader(entries, metadata ?? []);
    }

    private void CheckCoverage(string path, long dataStart, long fileLength)
    {
        foreach (TensorEntry entry in Entries)
        {
            if (entry.ByteLength > fileLength - entry.ByteOffset)
            {
                throw DataException.ForTensor(
                    path, entry.Name, $"ends at byte {entry.ByteOffset + entry.ByteLength}, the file has {fileLength}: truncated?");
            }
        }

        // Empty tensors share their offset with the next one; the end breaks the tie, as in the reference implementation.
        Entries.Sort(static (a, b) => a.ByteOffset != b.ByteOffset ? a.ByteOffset.CompareTo(b.ByteOffset)
            : a.ByteLength != b.ByteLength ? a.ByteLength.CompareTo(b.ByteLength)
            : string.CompareOrdinal(a.Name, b.Name));

        long end = dataStart;
        string previous = "the header";
        foreach (TensorEntry entry in Entries)
        {
            if (entry.ByteOffset < end)
            {
                throw DataException.ForTensor(
                    path, entry.Name, $"overlaps {previous}: it starts at byte {entry.ByteOffset}, {previous} ends at {end}.");
            }

            if (entry.ByteOffset > end)
            {
                throw DataException.ForTensor(
                    path, entry.Name, $"a hole of {entry.ByteOffset - end} bytes lies between it and {previous}.");
            }

            end = entry.ByteOffset + entry.ByteLength;
            previous = $"tensor '{entry.Name}'";
        }

        if (end != fileLength)
        {
            throw new DataException($"{path}: {fileLength - end} bytes behind the last tensor belong to no tensor.");
        }
    }
}
