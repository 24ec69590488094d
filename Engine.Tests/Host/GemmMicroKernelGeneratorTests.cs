using System;
using System.IO;
using Xunit;

namespace Engine.Tests;

public sealed class GemmMicroKernelGeneratorTests
{
    [Fact]
    public void Generate_CheckedInFile_IsUpToDate()
    {
        string path = Path.Combine(SolutionDirectory(), MicroKernelGenerator.TargetPath);
        string expected = MicroKernelGenerator.Generate();
        if (Environment.GetEnvironmentVariable("FUSION_REGENERATE") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string SolutionDirectory()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "FusionEngine.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}
