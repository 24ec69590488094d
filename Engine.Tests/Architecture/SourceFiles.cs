using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Engine.Tests;

/// <summary>The repository's files as people wrote them: without build outputs and hidden folders.</summary>
internal static class SourceFiles
{
    private static readonly string[] Outputs = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "OUT"];

    /// <summary>The folders of the projects, by their names.</summary>
    public static readonly string[] Projects =
        ["Engine.Kernels", "Engine.Models", "Engine.Fusion", "Engine.Bench", "Engine.Tests", "weights-tools"];

    /// <summary>Paths below the root with forward slashes, of files in the projects and of hand-written files beside them.</summary>
    /// <param name="extensions">For example ".cs".</param>
    public static IReadOnlyList<string> WithExtension(params string[] extensions) =>
    [
        .. Walk(new DirectoryInfo(SourceTree.Root)).Where(path => extensions.Contains(Path.GetExtension(path)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The hand-written C# files.</summary>
    public static IReadOnlyList<string> HandWrittenCode() =>
        [.. WithExtension(".cs").Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal))];

    /// <summary>The text of a file given by its path below the root.</summary>
    public static string Text(string path) => File.ReadAllText(SourceTree.PathOf(path));

    /// <summary>The lines of a file given by its path below the root.</summary>
    public static string[] Lines(string path) => File.ReadAllLines(SourceTree.PathOf(path));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            yield return Path.GetRelativePath(SourceTree.Root, file.FullName).Replace('\\', '/');
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories())
        {
            if (!child.Name.StartsWith('.') && !Outputs.Contains(child.Name))
            {
                foreach (string path in Walk(child))
                {
                    yield return path;
                }
            }
        }
    }
}
