using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>A preference on the command line: one number per task, separated by commas.</summary>
internal static class PreferenceArgument
{
    // Decimal fractions such as 0.1 do not add up exactly.
    private const double Tolerance = 1e-6;

    /// <summary>Reads and checks a preference.</summary>
    /// <param name="text">For example "0.3,0.7".</param>
    /// <param name="tasks">Names, in order.</param>
    /// <exception cref="DataException">It is not a point of the simplex over the tasks.</exception>
    public static double[] Parse(string text, IReadOnlyList<string> tasks)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        string expected = $"expected {tasks.Count} numbers of at least 0 that sum to 1, for {string.Join(", ", tasks)}";
        if (parts.Length != tasks.Count)
        {
            throw new DataException($"Preference '{text}': {expected}; found {parts.Length}.");
        }

        double[] preference = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out preference[i])
                || !(preference[i] >= 0 && double.IsFinite(preference[i])))
            {
                throw new DataException($"Preference '{text}': {expected}; found '{parts[i]}' for {tasks[i]}.");
            }
        }

        double sum = preference.Sum();
        return Math.Abs(sum - 1) <= Tolerance
            ? preference
            : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Preference '{text}': {expected}; the sum is {sum}."));
    }
}
