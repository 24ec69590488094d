using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

namespace Engine.Models;

/// <summary>
/// An IDX file of unsigned bytes, the format of MNIST: two zero bytes, type 0x08, number of dimensions, each dimension as
/// big-endian 32-bit integer, then the data. Plain or gzip-compressed, told apart by the first bytes.
/// </summary>
public sealed class IdxFile
{
    private const byte UnsignedByteType = 0x08;
    private const int FixedHeaderBytes = 4;

    private readonly byte[] _content;
    private readonly int _dataStart;

    private IdxFile(string path, byte[] content)
    {
        Path = path;
        _content = content;
        if (content.Length < FixedHeaderBytes || content[0] != 0 || content[1] != 0)
        {
            throw new DataException($"{path}: not an IDX file: it must start with two zero bytes, a type and a number of dimensions.");
        }

        if (content[2] != UnsignedByteType)
        {
            throw new DataException($"{path}: IDX type 0x{content[2]:x2} is not supported, expected 0x08 (unsigned bytes).");
        }

        int rank = content[3];
        _dataStart = FixedHeaderBytes + (rank * sizeof(int));
        if (rank == 0 || content.Length < _dataStart)
        {
            throw new DataException($"{path}: truncated or without dimensions: {rank} dimensions, {content.Length} bytes.");
        }

        Dimensions = ReadDimensions(content, rank);
        Int128 expected = 1;
        foreach (int dimension in Dimensions)
        {
            expected *= dimension;
        }

        if (expected != content.Length - _dataStart)
        {
            throw new DataException(
                $"{path}: [{string.Join(", ", Dimensions)}] takes {expected} bytes, found {content.Length - _dataStart}.");
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The dimensions, the slowest first; the first one counts the examples.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The data, row-major.</summary>
    public ReadOnlySpan<byte> Data => _content.AsSpan(_dataStart);

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">An IDX file, plain or gzip-compressed.</param>
    /// <exception cref="DataException">The file is missing, truncated, too long, or of another type.</exception>
    public static IdxFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            bool compressed = bytes.Length >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
            return new IdxFile(path, compressed ? Decompress(path, bytes) : bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"Cannot read '{path}': there is no such file.");
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{path}: not valid gzip: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataException.ForSystem("read", path, e);
        }
    }

    private static int[] ReadDimensions(byte[] content, int rank)
    {
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            dimensions[i] = (int)Math.Min(
                BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(FixedHeaderBytes + (i * sizeof(int)))), int.MaxValue);
        }

        return dimensions;
    }

    private static byte[] Decompress(string path, byte[] bytes)
    {
        using MemoryStream compressed = new(bytes);
        using GZipStream gzip = new(compressed, CompressionMode.Decompress);
        using MemoryStream content = new();
        gzip.CopyTo(content);
        // The stream accepts a file that ends too early; its trailer holds the size of the content (RFC 1952).
        if (bytes.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) != (uint)content.Length)
        {
            throw new DataException($"{path}: truncated gzip.");
        }

        return content.ToArray();
    }
}
