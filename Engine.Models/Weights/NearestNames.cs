using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Models;

/// <summary>Suggests names for one that is missing: mostly a prefix too many or too few, or a misspelling.</summary>
internal static class NearestNames
{
    private const int Suggestions = 3;

    /// <summary>For example "nearest: 'a.weight', 'b.weight'".</summary>
    /// <param name="names">The names that exist.</param>
    /// <param name="wanted">The name that does not.</param>
    public static string Describe(IEnumerable<string> names, string wanted)
    {
        List<string> nearest = [.. names
            .OrderBy(name => Distance(name, wanted))
            .ThenBy(name => name, StringComparer.Ordinal)
            .Take(Suggestions)];
        return nearest.Count == 0 ? "there are no tensors" : "nearest: " + string.Join(", ", nearest.Select(static name => $"'{name}'"));
    }

    private static int Distance(string name, string wanted) =>
        name.EndsWith('.' + wanted, StringComparison.Ordinal) || wanted.EndsWith('.' + name, StringComparison.Ordinal)
            ? 0
            : EditDistance(name, wanted);

    // Levenshtein's distance, one row at a time.
    private static int EditDistance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
