using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>
/// A folder of golden numbers: it holds a meta.json whose "kind" says what the numbers are. Fixtures are found by kind below
/// the folder in the environment variable FUSION_FIXTURES, or else below Engine.Tests/Fixtures; tests take every size from the files.
/// </summary>
internal sealed class FixtureFolder
{
    private static readonly Lazy<IReadOnlyList<FixtureFolder>> Discovered = new(Discover);

    private FixtureFolder(string path, JsonElement meta)
    {
        Path = path;
        Meta = meta;
        Kind = meta.TryGetProperty("kind", out JsonElement kind) ? kind.GetString() ?? string.Empty : string.Empty;
    }

    /// <summary>The folder all fixtures lie below.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("FUSION_FIXTURES") is { Length: > 0 } folder
        ? System.IO.Path.GetFullPath(folder)
        : SourceTree.PathOf("Engine.Tests", "Fixtures");

    /// <summary>All fixtures, in the order of their names.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static IReadOnlyList<FixtureFolder> All => Discovered.Value;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The folder's path below <see cref="Root"/>, with forward slashes; "." for the root itself.</summary>
    public string Name => System.IO.Path.GetRelativePath(Root, Path).Replace('\\', '/');

    /// <summary>The whole meta.json.</summary>
    public JsonElement Meta { get; }

    /// <summary>The "kind" of meta.json.</summary>
    public string Kind { get; }

    /// <summary>The fixtures whose kind is exactly this one.</summary>
    /// <exception cref="InvalidOperationException">There are none: a golden test without numbers must fail.</exception>
    public static IReadOnlyList<FixtureFolder> OfKind(string kind) =>
        Require(All.Where(fixture => fixture.Kind == kind), $"of kind '{kind}'");

    /// <summary>The fixtures whose kind contains a text.</summary>
    /// <inheritdoc cref="OfKind"/>
    public static IReadOnlyList<FixtureFolder> KindContaining(string part) =>
        Require(All.Where(fixture => fixture.Kind.Contains(part, StringComparison.Ordinal)), $"whose kind contains '{part}'");

    /// <summary>A fixture by <see cref="Name"/>, as given to a theory by <see cref="FixtureDataAttribute"/>.</summary>
    public static FixtureFolder Named(string name) => Require(All.Where(fixture => fixture.Name == name), $"named '{name}'")[0];

    /// <summary>The path of one of the folder's files.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>True if the folder holds this file or subfolder.</summary>
    public bool Has(params string[] parts) => System.IO.Path.Exists(File(parts));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Kind})";

    private static List<FixtureFolder> Discover()
    {
        if (!Directory.Exists(Root))
        {
            throw new InvalidOperationException($"The fixture folder '{Root}' does not exist.");
        }

        List<FixtureFolder> folders = [];
        foreach (string path in Directory.EnumerateFiles(Root, "meta.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
            folders.Add(new FixtureFolder(System.IO.Path.GetDirectoryName(path)!, document.RootElement.Clone()));
        }

        return folders;
    }

    private static List<FixtureFolder> Require(IEnumerable<FixtureFolder> fixtures, string what)
    {
        List<FixtureFolder> found = [.. fixtures];
        return found.Count > 0 ? found : throw new InvalidOperationException($"There is no fixture {what} below '{Root}'.");
    }
}
