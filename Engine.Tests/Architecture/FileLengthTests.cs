using System.Linq;
using Xunit;

namespace Engine.Tests;

/// <summary>A file is read in one sitting. Only generated files, *.g.cs, may be longer.</summary>
public sealed class FileLengthTests
{
    private const int MaximumLines = 400;

    [Fact]
    public void HandWrittenFiles_Lines_AreAtMostFourHundred() => Offenders.AssertNone(
        from path in SourceFiles.HandWrittenCode()
        let lines = SourceFiles.Lines(path).Length
        where lines > MaximumLines
        select $"{path}: {lines} lines");
}
