using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Models;

/// <summary>
/// The identity of a checkpoint's tensors. For each tensor, in ordinal order of the names, SHA-256 takes: byte count of the
/// name (4 bytes, little-endian as all numbers here), name in UTF-8, byte count of the dtype's name (4), dtype's name, rank (4),
/// dimensions (8 each), data.
/// </summary>
internal static class ContentHash
{
    /// <summary>Hashes tensors, wherever each lies.</summary>
    /// <param name="files">The file that holds each tensor.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(IReadOnlyDictionary<string, SafetensorsFile> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in files.Keys.Order(StringComparer.Ordinal))
        {
            TensorEntry entry = files[name][name];
            AppendText(hash, name);
            AppendText(hash, SafetensorsDTypes.NameOf(entry.DType));
            AppendInt32(hash, entry.Shape.Count);
            foreach (long dimension in entry.Shape)
            {
                AppendInt64(hash, dimension);
            }

            AppendData(hash, files[name], entry);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendData(IncrementalHash hash, SafetensorsFile file, TensorEntry entry)
    {
        const int Chunk = 1 << 24;
        for (long start = 0; start < entry.ByteLength; start += Chunk)
        {
            hash.AppendData(file.Bytes(entry, start, (int)Math.Min(Chunk, entry.ByteLength - start)));
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AppendInt32(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendInt32(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void AppendInt64(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
