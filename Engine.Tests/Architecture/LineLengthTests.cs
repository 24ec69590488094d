using System;
using System.Linq;
using Xunit;

namespace Engine.Tests;

/// <summary>Two files stand side by side on a screen. Only generated files and their templates may be wider.</summary>
public sealed class LineLengthTests
{
    private const int MaximumColumns = 140;
    private const string Templates = "Engine.Tests/Generated/";

    [Fact]
    public void HandWrittenFiles_Lines_HaveAtMostOneHundredAndFortyColumns() => Offenders.AssertNone(
        from path in SourceFiles.HandWrittenCode()
        where !path.StartsWith(Templates, StringComparison.Ordinal)
        from line in SourceFiles.Lines(path).Select((text, index) => (Number: index + 1, text.Length))
        where line.Length > MaximumColumns
        select $"{path}:{line.Number}: {line.Length} columns");
}
