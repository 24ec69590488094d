using System;
using System.Collections.Generic;
using System.Text.Json;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Reads the JSON text of a safetensors header, strictly: no unknown, missing or duplicate keys.</summary>
internal ref struct SafetensorsHeaderParser
{
    private readonly string _path;
    private readonly long _dataStart;
    private Utf8JsonReader _reader;

    /// <summary>Starts at the first byte of the text.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">The JSON text, padding included.</param>
    /// <param name="dataStart">Where offset 0 of the header lies in the file.</param>
    public SafetensorsHeaderParser(string path, ReadOnlySpan<byte> text, long dataStart)
    {
        _path = path;
        _dataStart = dataStart;
        _reader = new Utf8JsonReader(text, isFinalBlock: true, state: default);
    }

    /// <summary>Steps over the opening brace.</summary>
    public void StartDocument() => _reader.Read();

    /// <summary>Checks that only white space follows.</summary>
    public void EndDocument() => _reader.Read();

    /// <summary>Steps to the next key of the current object; false at its end.</summary>
    public bool TryReadKey(out string key)
    {
        _reader.Read();
        bool found = _reader.TokenType == JsonTokenType.PropertyName;
        key = found ? _reader.GetString()! : string.Empty;
        return found;
    }

    /// <summary>Reads the object of strings behind "__metadata__".</summary>
    public Dictionary<string, string> ReadMetadata()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new DataException($"{_path}: __metadata__ must be an object of strings.");
        }

        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (TryReadKey(out string key))
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.String)
            {
                throw new DataException($"{_path}: __metadata__ '{key}' must be a string, found {_reader.TokenType}.");
            }

            if (!metadata.TryAdd(key, _reader.GetString()!))
            {
                throw new DataException($"{_path}: __metadata__ '{key}' occurs twice.");
            }
        }

        return metadata;
    }

    /// <summary>Reads the object that describes a tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    public TensorEntry ReadEntry(string name)
    {
        _reader.Read();
        Expect(name, JsonTokenType.StartObject, "an object with dtype, shape and data_offsets");
        DType? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (TryReadKey(out string key))
        {
            bool isFirst = key switch
            {
                "dtype" => dtype is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw DataException.ForTensor(_path, name, $"unknown key '{key}' in the header."),
            };
            if (!isFirst)
            {
                throw DataException.ForTensor(_path, name, $"the key '{key}' occurs twice in the header.");
            }

            switch (key)
            {
                case "dtype":
                    dtype = ReadDType(name);
                    break;
                case "shape":
                    shape = ReadNaturals(name, key);
                    break;
                default:
                    offsets = ReadNaturals(name, key);
                    break;
            }
        }

        string? missing = dtype is null ? "dtype" : shape is null ? "shape" : offsets is null ? "data_offsets" : null;
        return missing is null
            ? CreateEntry(name, dtype!.Value, shape!, offsets!)
            : throw DataException.ForTensor(_path, name, $"the key '{missing}' is missing in the header.");
    }

    private readonly TensorEntry CreateEntry(string name, DType dtype, List<long> shape, List<long> offsets)
    {
        if (offsets.Count != 2 || offsets[0] > offsets[1])
        {
            throw DataException.ForTensor(
                _path, name, $"data_offsets must be [begin, end] with begin <= end, found [{string.Join(", ", offsets)}].");
        }

        long expected;
        long begin;
        try
        {
            expected = dtype.SizeInBytes();
            foreach (long dimension in shape)
            {
                expected = checked(expected * dimension);
            }

            begin = checked(_dataStart + offsets[0]);
            _ = checked(_dataStart + offsets[1]);
        }
        catch (OverflowException)
        {
            throw DataException.ForTensor(_path, name, $"shape [{string.Join(", ", shape)}] or offsets exceed 64 bits.");
        }

        long length = offsets[1] - offsets[0];
        if (length != expected)
        {
            throw DataException.ForTensor(
                _path,
                name,
                $"{SafetensorsDTypes.NameOf(dtype)} [{string.Join(", ", shape)}] takes {expected} bytes, data_offsets span {length}.");
        }

        return new TensorEntry(name, dtype, shape.AsReadOnly(), begin, length);
    }

    private DType ReadDType(string name)
    {
        _reader.Read();
        Expect(name, JsonTokenType.String, "a string for dtype");
        string text = _reader.GetString()!;
        return SafetensorsDTypes.TryParse(text, out DType dtype)
            ? dtype
            : throw DataException.ForTensor(_path, name, $"dtype '{text}' is not supported (supported: {SafetensorsDTypes.Supported}).");
    }

    private List<long> ReadNaturals(string name, string key)
    {
        _reader.Read();
        Expect(name, JsonTokenType.StartArray, $"an array for {key}");
        List<long> values = [];
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            // "-0" parses as 0 but is not a natural number.
            if (_reader.TokenType != JsonTokenType.Number || _reader.ValueSpan[0] == (byte)'-' || !_reader.TryGetInt64(out long value))
            {
                throw DataException.ForTensor(_path, name, $"{key} must hold natural numbers below 2^63.");
            }

            values.Add(value);
        }

        return values;
    }

    private readonly void Expect(string name, JsonTokenType expected, string what)
    {
        if (_reader.TokenType != expected)
        {
            throw DataException.ForTensor(_path, name, $"expected {what} in the header, found {_reader.TokenType}.");
        }
    }
}
