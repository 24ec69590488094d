using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Models;

namespace WeightsTools;

/// <summary>How results become JSON: snake_case as in checkpoint configurations, enums as words, NaN and infinities as strings.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },

        // The document is for programs and terminals, never for a web page: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions LineOptions = new(Options)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Serialises the public properties of a record or anonymous type.</summary>
    public static string Serialize<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <summary>The same on one line, for logs.</summary>
    public static string SerializeLine<T>(T document) => JsonSerializer.Serialize(document, LineOptions);

    /// <summary>Reads a document that <see cref="Serialize{T}"/> wrote.</summary>
    /// <param name="path">The file it is from, for messages.</param>
    /// <exception cref="DataException">The file cannot be read, or holds something else.</exception>
    public static T Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
        {
            throw new DataException($"Cannot read '{path}': there is no such file.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)
                ?? throw new DataException($"{path}: expected an object, found null.");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: malformed: {e.Message}", e);
        }
    }
}
