using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeightsTools;

/// <summary>Examples in a task file: one text (<see cref="DataSource.Stem"/>), or an object with images and labels, or with
/// tokens.</summary>
internal sealed class DataSourceConverter : JsonConverter<DataSource>
{
    /// <inheritdoc/>
    public override DataSource? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new DataSource { Stem = reader.GetString() };
        }

        Fields? fields = JsonSerializer.Deserialize<Fields>(ref reader, options);
        return fields is null ? null : new DataSource { Images = fields.Images, Labels = fields.Labels, Tokens = fields.Tokens };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DataSource value, JsonSerializerOptions options)
    {
        if (value.Stem is not null)
        {
            writer.WriteStringValue(value.Stem);
            return;
        }

        JsonSerializer.Serialize(writer, new Fields(value.Images, value.Labels, value.Tokens), options);
    }

    private sealed record Fields(string? Images = null, string? Labels = null, string? Tokens = null);
}
