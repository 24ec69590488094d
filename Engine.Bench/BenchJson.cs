using System;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Engine.Bench;

/// <summary>How results become JSON: one line each, names in snake case, five digits.</summary>
internal static class BenchJson
{
    private const int CommitLetters = 10;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The commit that the program was built from, as the SDK writes it behind the version; "unknown" outside of a
    /// repository.</summary>
    public static string Commit { get; } = FindCommit();

    /// <summary>The public properties of an anonymous type on one line.</summary>
    public static string Line<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <summary>Five digits.</summary>
    public static double Round(double value) =>
        double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Five digits, or nothing.</summary>
    public static double? Round(double? value) => value is double number ? Round(number) : null;

    private static string FindCommit()
    {
        AssemblyInformationalVersionAttribute? attribute = typeof(BenchJson).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        string version = attribute?.InformationalVersion ?? string.Empty;
        string commit = version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..];
        return commit.Length >= CommitLetters && commit.Length < version.Length ? commit[..CommitLetters] : "unknown";
    }
}
