using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels;

/// <summary>What may have been meant by a name that does not exist, for messages.</summary>
public static class NearestNames
{
    private const int Shown = 3;

    /// <summary>The three names nearest to a word, nearest first: those that contain it, or that it is with a prefix too many, then by
    /// the edits between them.</summary>
    /// <param name="word">The name that does not exist.</param>
    /// <param name="names">The names that exist.</param>
    public static IEnumerable<string> Of(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        return names
            .OrderBy(name => name.Contains(word, StringComparison.OrdinalIgnoreCase)
                || word.EndsWith('.' + name, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(name => Distance(word, name))
            .ThenBy(static name => name, StringComparer.Ordinal)
            .Take(Shown);
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements of one character.</summary>
    private static int Distance(string from, string to)
    {
        int[] distances = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = distances[0];
            distances[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = distances[j];
                distances[j] = Math.Min(replaced, 1 + Math.Min(distances[j - 1], distances[j]));
            }
        }

        return distances[to.Length];
    }
}
