using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Engine.Tests;

/// <summary>The text of a compiled kernel, cut where control flow joins or leaves.</summary>
internal sealed partial class PtxListing
{
    private readonly List<string> _blocks = [];

    public PtxListing(string text)
    {
        Text = text;
        List<string> lines = [];
        foreach (string line in text.Split('\n'))
        {
            bool isLabel = LabelLine().IsMatch(line);
            if (isLabel)
            {
                Close(lines);
            }

            lines.Add(line);
            if (BranchLine().IsMatch(line))
            {
                Close(lines);
            }
        }

        Close(lines);
    }

    /// <summary>Everything.</summary>
    public string Text { get; }

    /// <summary>Bytes of static shared memory.</summary>
    public int SharedBytes => SharedDeclaration().Matches(Text).Sum(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The runs of instructions without a branch that contain one that begins like this.</summary>
    public IReadOnlyList<string> BlocksWith(string instruction) => [.. _blocks.Where(block => Count(block, instruction) > 0)];

    /// <summary>How many instructions begin like this.</summary>
    public static int Count(string text, string instruction) =>
        text.Split('\n').Count(line => line.TrimStart().StartsWith(instruction, StringComparison.Ordinal));

    private void Close(List<string> lines)
    {
        _blocks.Add(string.Join('\n', lines));
        lines.Clear();
    }

    [GeneratedRegex(@"^\s*L_\w+:")]
    private static partial Regex LabelLine();

    [GeneratedRegex(@"^\s*(@!?%p\d+\s+)?(bra|ret)\b")]
    private static partial Regex BranchLine();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex SharedDeclaration();
}
