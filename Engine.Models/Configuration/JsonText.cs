using System.Text.Json;

namespace Engine.Models;

/// <summary>Parses JSON files with this project's errors.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Parses a text whose root must be an object.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="DataException">The text is not JSON, has duplicate keys, or is no object.</exception>
    public static JsonElement ParseObject(string path, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new DataException($"{path}: expected a JSON object, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: not valid JSON: {e.Message}", e);
        }
    }
}
