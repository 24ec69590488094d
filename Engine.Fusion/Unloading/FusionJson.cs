using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engine.Fusion;

/// <summary>How settings are written into files: camel case, enumerations by name.</summary>
internal static class FusionJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        IgnoreReadOnlyProperties = true,
    };
}
