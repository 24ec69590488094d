using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Engine.Tests;

public sealed class GemmTileGeneratorTests
{
    private static readonly (string Path, string Text)[] Files =
        [.. GemmTileGenerator.Files(), .. TensorTileGenerator.Files(), .. TensorAttentionGenerator.Files()];

    public static TheoryData<string> Paths => [.. Files.Select(static file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Generate_CheckedInFile_IsUpToDate(string path)
    {
        string expected = Files.Single(file => file.Path == path).Text;
        if (Environment.GetEnvironmentVariable("FUSION_REGENERATE") == "1")
        {
            File.WriteAllText(SourceTree.PathOf(path), expected);
        }

        Assert.Equal(expected, SourceFiles.Text(path).ReplaceLineEndings("\n"));
    }
}
