using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// A safetensors file, mapped into memory and fully validated when opened. Nothing is copied until asked for.
/// Format: 8 bytes of header length, a JSON header, the tensors' raw little-endian data.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, TensorEntry> _byName;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
    {
        _file = file;
        Entries = header.Entries.AsReadOnly();
        Metadata = header.Metadata.AsReadOnly();
        _byName = new Dictionary<string, TensorEntry>(header.Entries.Count, StringComparer.Ordinal);
        foreach (TensorEntry entry in header.Entries)
        {
            _byName.Add(entry.Name, entry);
        }
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path => _file.Name;

    /// <summary>The text entries of "__metadata__"; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors in the order in which they lie in the file.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>The entry of a tensor.</summary>
    /// <param name="name">The tensor's name; case matters.</param>
    /// <exception cref="DataException">There is no such tensor; the message lists the nearest names.</exception>
    public TensorEntry this[string name] => _byName.TryGetValue(name, out TensorEntry? entry)
        ? entry
        : throw DataException.ForTensor(Path, name, $"missing; {NearestTensors.Describe(_byName.Keys, name)}.");

    /// <summary>Maps and validates a file.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <exception cref="DataException">The file cannot be read or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new SafetensorsFile(file, SafetensorsHeader.Read(file));
        }
        catch (DataException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>True if the file holds the tensor.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Finds a tensor's entry without throwing.</summary>
    public bool TryGetEntry(string name, [NotNullWhen(true)] out TensorEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>A view of a tensor in the mapped file; valid until the file is disposed, and read-only.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="DataException">There is no such tensor, or it has more than four dimensions or too many rows for a
    /// view.</exception>
    public TensorRef Tensor(string name)
    {
        TensorEntry entry = this[name];
        if (entry.Shape.Count > Shape.MaxRank)
        {
            throw DataException.ForTensor(Path, name, $"{entry.ShapeText} has more than {Shape.MaxRank} dimensions.");
        }

        Span<int> dimensions = stackalloc int[entry.Shape.Count];
        Int128 rows = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = (int)Math.Min(entry.Shape[i], int.MaxValue);
            rows = i + 1 < dimensions.Length ? rows * entry.Shape[i] : rows;
            if (entry.Shape[i] > int.MaxValue || rows > int.MaxValue)
            {
                throw DataException.ForTensor(Path, name, $"{entry.ShapeText} has more than 2^31 - 1 rows or columns.");
            }
        }

        return new TensorRef(_file, entry.ByteOffset, entry.DType, new Shape(dimensions), name);
    }

    /// <summary>A view of all elements of a tensor of any rank as one row; otherwise as <see cref="Tensor"/>.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="DataException">There is no such tensor, or it has 2^31 or more elements.</exception>
    public TensorRef FlatTensor(string name)
    {
        TensorEntry entry = this[name];
        return entry.ElementCount <= int.MaxValue
            ? new TensorRef(_file, entry.ByteOffset, entry.DType, new Shape((int)entry.ElementCount), name)
            : throw DataException.ForTensor(Path, name, $"{entry.ElementCount} elements do not fit one row.");
    }

    /// <summary>The raw little-endian bytes of a tensor below 2 GB; valid until the file is disposed.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="DataException">There is no such tensor, or it is larger.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        TensorEntry entry = this[name];
        return entry.ByteLength <= int.MaxValue
            ? _file.Bytes(entry.ByteOffset, (int)entry.ByteLength)
            : throw DataException.ForTensor(Path, name, $"{entry.ByteLength} bytes do not fit one span.");
    }

    /// <summary>A copy of a tensor as float: any dtype, rounded to nearest; BOOL gives 0 or 1.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="DataException">There is no such tensor, or it has more elements than an array can hold.</exception>
    public float[] ReadSingles(string name) => ReadArray<float>(this[name]);

    /// <summary>A copy of a tensor as double: any dtype, rounded to nearest; BOOL gives 0 or 1.</summary>
    /// <inheritdoc cref="ReadSingles"/>
    public double[] ReadDoubles(string name) => ReadArray<double>(this[name]);

    /// <summary>A copy of an integer or BOOL tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="DataException">There is no such tensor, it holds floating-point numbers, or a U64 value exceeds
    /// 2^63 - 1.</exception>
    public long[] ReadInt64s(string name)
    {
        TensorEntry entry = this[name];
        if (entry.DType.IsFloatingPoint())
        {
            throw DataException.ForTensor(Path, name, $"expected an integer dtype, found {SafetensorsDTypes.NameOf(entry.DType)}.");
        }

        long[] values = ReadArray<long>(entry);
        if (entry.DType == DType.U64 && Array.Exists(values, static value => value < 0))
        {
            throw DataException.ForTensor(Path, name, "a U64 value exceeds 2^63 - 1.");
        }

        return values;
    }

    /// <summary>Unmaps the file; views of its tensors become invalid.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Some of a tensor's bytes.</summary>
    internal ReadOnlySpan<byte> Bytes(TensorEntry entry, long start, int length) => _file.Bytes(entry.ByteOffset + start, length);

    private T[] ReadArray<T>(TensorEntry entry)
        where T : unmanaged, INumber<T>
    {
        if (entry.ElementCount > Array.MaxLength)
        {
            throw DataException.ForTensor(Path, entry.Name, $"{entry.ElementCount} elements do not fit one array.");
        }

        T[] values = GC.AllocateUninitializedArray<T>((int)entry.ElementCount);
        const int Chunk = 1 << 20;
        int size = entry.DType.SizeInBytes();
        for (int start = 0; start < values.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, values.Length - start);
            ReadOnlySpan<byte> bytes = _file.Bytes(entry.ByteOffset + ((long)start * size), count * size);
            ElementReader.Read(bytes, entry.DType, values.AsSpan(start, count));
        }

        return values;
    }
}
