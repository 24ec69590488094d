using System;
using System.IO;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Aligned text and markdown.</summary>
public sealed class TableTests
{
    [Fact]
    public void WriteText_WordsAndNumbers_AreAligned()
    {
        Assert.Equal(
            """
            method      HV
            ------  ------
            soup     0.659
            θ(r)    10.719

            """.ReplaceLineEndings("\n"),
            Write(Sample().WriteText));
    }

    [Fact]
    public void WriteMarkdown_NumbersColumn_IsAlignedRight()
    {
        Assert.Equal(
            """
            | method | HV |
            | --- | ---: |
            | soup | 0.659 |
            | θ(r) | 10.719 |

            """.ReplaceLineEndings("\n"),
            Write(Sample().WriteMarkdown));
    }

    [Fact]
    public void Add_ControlCharactersAndBars_CannotBreakTheTable()
    {
        Table table = new Table().Words("name");
        table.Add("a\n\u001b[31m|b");

        Assert.Contains("a\\u000a\\u001b[31m|b", Write(table.WriteText), StringComparison.Ordinal);
        Assert.Contains("\\|b |", Write(table.WriteMarkdown), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_WrongNumberOfCells_Throws() => Assert.Throws<ArgumentException>(() => new Table().Words("one").Add("1", "2"));

    private static Table Sample()
    {
        Table table = new Table().Words("method").Numbers("HV");
        table.Add("soup", "0.659");
        table.Add("θ(r)", "10.719");
        return table;
    }

    private static string Write(Action<TextWriter> write)
    {
        StringWriter writer = new();
        write(writer);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
