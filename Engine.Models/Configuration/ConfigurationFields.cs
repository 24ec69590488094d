using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Typed access to the fields of a JSON object. An absent or null field takes its default; one of the wrong kind or
/// value is an error that names file, key and value.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="root">The object.</param>
/// <param name="prefix">The object's place in the file, for messages; empty for the root.</param>
internal sealed class ConfigurationFields(string path, JsonElement root, string prefix = "")
{
    private static readonly Dictionary<string, Activation> Activations = new(StringComparer.Ordinal)
    {
        ["gelu"] = Activation.GeluErf,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["quick_gelu"] = Activation.QuickGelu,
    };

    /// <summary>A size: an integer of at least 1.</summary>
    public int PositiveInt32(string key, int defaultValue) => TryGet(key, out JsonElement value)
        ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number > 0
            ? number
            : throw Wrong(key, value, "a positive integer")
        : defaultValue;

    /// <summary>An integer of at least 0; null if the field is null, and by default if it is absent.</summary>
    public int? OptionalIndex(string key, int? defaultValue = null)
    {
        if (!root.TryGetProperty(key, out JsonElement value))
        {
            return defaultValue;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw Wrong(key, value, "an integer of at least 0, or null");
    }

    /// <summary>A finite number.</summary>
    public double Number(string key, double defaultValue) => TryGet(key, out JsonElement value)
        ? value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(key, value, "a number")
        : defaultValue;

    /// <summary>A positive number, such as the epsilon of a layer norm.</summary>
    public float PositiveSingle(string key, double defaultValue)
    {
        float number = (float)Number(key, defaultValue);
        return number > 0 && float.IsFinite(number) ? number : throw Wrong(key, root.GetProperty(key), "a positive number");
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool defaultValue) => TryGet(key, out JsonElement value)
        ? value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false")
        : defaultValue;

    /// <summary>A flag of which only one value is supported.</summary>
    public void RequireFlag(string key, bool required)
    {
        if (Flag(key, required) != required)
        {
            throw Wrong(key, root.GetProperty(key), required ? "true (nothing else is supported)" : "false (nothing else is supported)");
        }
    }

    /// <summary>A string, or null if the field is absent.</summary>
    public string? OptionalString(string key) => TryGet(key, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, value, "a string")
        : null;

    /// <summary>The first entry of an array of strings, or null if the field is absent or empty.</summary>
    public string? FirstString(string key)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String))
        {
            throw Wrong(key, value, "an array of strings");
        }

        return value.EnumerateArray().Select(static item => item.GetString()).FirstOrDefault();
    }

    /// <summary>An array of finite numbers, or null if the field is absent.</summary>
    public double[]? OptionalNumbers(string key)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(key, value, "an array of numbers");
        }

        return [.. value.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw Wrong(key, value, "an array of numbers"))];
    }

    /// <summary>An element-wise non-linearity.</summary>
    public Activation ActivationOf(string key, string defaultValue)
    {
        string name = OptionalString(key) ?? defaultValue;
        return Activations.TryGetValue(name, out Activation activation)
            ? activation
            : throw Wrong(key, root.GetProperty(key), "one of " + string.Join(", ", Activations.Keys));
    }

    /// <summary>A square image's side: an integer, or an array of two equal ones.</summary>
    public int Side(string key, int defaultValue)
    {
        if (!TryGet(key, out JsonElement value) || value.ValueKind == JsonValueKind.Number)
        {
            return PositiveInt32(key, defaultValue);
        }

        double[] sides = OptionalNumbers(key)!;
        return sides.Length == 2 && sides[0] == sides[1] && sides[0] >= 1 && sides[0] <= int.MaxValue && sides[0] == (int)sides[0]
            ? (int)sides[0]
            : throw Wrong(key, value, "one positive integer (images are square)");
    }

    /// <summary>The label names in the order of their numbers, from "id2label", or else by count from "num_labels".</summary>
    /// <returns>LABEL_0, LABEL_1, … where the file gives no names; two labels where it gives no count either.</returns>
    public IReadOnlyList<string> Labels()
    {
        bool hasNames = TryGet("id2label", out JsonElement names);
        bool hasCount = TryGet("num_labels", out JsonElement countValue);
        if (!hasNames)
        {
            return DefaultLabels(PositiveInt32("num_labels", 2));
        }

        if (names.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("id2label", names, "an object");
        }

        SortedDictionary<int, string> sorted = [];
        foreach (JsonProperty item in names.EnumerateObject())
        {
            if (!int.TryParse(item.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                || item.Value.ValueKind != JsonValueKind.String || !sorted.TryAdd(index, item.Value.GetString()!))
            {
                throw Wrong("id2label", names, "label numbers with names");
            }
        }

        if (sorted.Count == 0 || sorted.Keys.Last() != sorted.Count - 1)
        {
            throw Wrong("id2label", names, "the label numbers 0, 1, 2, … without gap");
        }

        if (hasCount && PositiveInt32("num_labels", 1) != sorted.Count)
        {
            throw Wrong("num_labels", countValue, $"{sorted.Count} as in id2label");
        }

        return [.. sorted.Values];
    }

    /// <summary>The loss of a classifier.</summary>
    public ProblemType ProblemTypeOf(string key) => OptionalString(key) switch
    {
        null => ProblemType.Unspecified,
        "regression" => ProblemType.Regression,
        "single_label_classification" => ProblemType.SingleLabelClassification,
        _ => throw Wrong(key, root.GetProperty(key), "regression or single_label_classification"),
    };

    /// <summary>Checks that one size is a multiple of another.</summary>
    public void RequireDivisible(string key, int value, string divisorKey, int divisor)
    {
        if (value % divisor != 0)
        {
            throw new DataException($"{path}: {prefix}{key} is {value}, expected a multiple of {divisorKey} = {divisor}.");
        }
    }

    /// <summary>Checks that an index lies below a count.</summary>
    public void RequireBelow(string key, int? value, string limitKey, int limit)
    {
        if (value >= limit)
        {
            throw new DataException($"{path}: {prefix}{key} is {value}, expected less than {limitKey} = {limit}.");
        }
    }

    /// <summary>An error about one field.</summary>
    public DataException Wrong(string key, JsonElement value, string expected)
    {
        const int Longest = 80;
        string text = value.GetRawText().ReplaceLineEndings(" ");
        text = text.Length > Longest ? text[..Longest] + "…" : text;
        return new DataException($"{path}: {prefix}{key} is {text}, expected {expected}.");
    }

    private static string[] DefaultLabels(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => "LABEL_" + i.ToString(CultureInfo.InvariantCulture))];

    private bool TryGet(string key, out JsonElement value) =>
        root.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
}
