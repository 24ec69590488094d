using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace WeightsTools;

/// <summary>Rows of text in aligned columns, for a terminal or as markdown.</summary>
internal sealed class Table
{
    private const string Gap = "  ";

    private readonly List<(string Title, Alignment Alignment)> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <summary>Number of rows, without the titles.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Adds a column of words.</summary>
    public Table Words(string title) => Column(title, Alignment.Left);

    /// <summary>Adds a column of numbers, aligned to the right.</summary>
    public Table Numbers(string title) => Column(title, Alignment.Right);

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One text per column.</param>
    public void Add(params string[] cells)
    {
        if (cells.Length != _columns.Count)
        {
            throw new ArgumentException($"The table has {_columns.Count} columns, the row has {cells.Length} cells.", nameof(cells));
        }

        _rows.Add(Array.ConvertAll(cells, Printable.Text));
    }

    /// <summary>Writes titles, a rule and the rows.</summary>
    public void WriteText(TextWriter writer)
    {
        int[] widths = Widths();
        WriteTextLine(writer, widths, i => _columns[i].Title);
        WriteTextLine(writer, widths, i => new string('-', widths[i]));
        foreach (string[] row in _rows)
        {
            WriteTextLine(writer, widths, i => row[i]);
        }
    }

    /// <summary>Writes a markdown table.</summary>
    public void WriteMarkdown(TextWriter writer)
    {
        static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);

        writer.WriteLine($"| {string.Join(" | ", _columns.ConvertAll(c => Escape(c.Title)))} |");
        writer.WriteLine($"| {string.Join(" | ", _columns.ConvertAll(c => c.Alignment == Alignment.Right ? "---:" : "---"))} |");
        foreach (string[] row in _rows)
        {
            writer.WriteLine($"| {string.Join(" | ", Array.ConvertAll(row, Escape))} |");
        }
    }

    private static int WidthOf(string text)
    {
        int width = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            width++;
        }

        return width;
    }

    private Table Column(string title, Alignment alignment)
    {
        if (_rows.Count > 0)
        {
            throw new InvalidOperationException("Columns are added before rows.");
        }

        _columns.Add((title, alignment));
        return this;
    }

    private int[] Widths()
    {
        int[] widths = _columns.ConvertAll(c => WidthOf(c.Title)).ToArray();
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], WidthOf(row[i]));
            }
        }

        return widths;
    }

    private void WriteTextLine(TextWriter writer, int[] widths, Func<int, string> cell)
    {
        StringBuilder line = new();
        for (int i = 0; i < widths.Length; i++)
        {
            string text = cell(i);
            int padding = widths[i] - WidthOf(text);
            line.Append(i > 0 ? Gap : string.Empty);
            line.Append(' ', _columns[i].Alignment == Alignment.Right ? padding : 0).Append(text);
            line.Append(' ', _columns[i].Alignment == Alignment.Left ? padding : 0);
        }

        writer.WriteLine(line.ToString().TrimEnd());
    }
}
