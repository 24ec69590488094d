using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>Suggests tensors for one that is missing: mostly a prefix too many or too few, or a misspelling.</summary>
internal static class NearestTensors
{
    /// <summary>For example "nearest: 'a.weight', 'b.weight'".</summary>
    /// <param name="names">The names that exist.</param>
    /// <param name="wanted">The name that does not.</param>
    public static string Describe(IEnumerable<string> names, string wanted)
    {
        string[] nearest = [.. NearestNames.Of(wanted, names).Select(static name => $"'{name}'")];
        return nearest.Length == 0 ? "there are no tensors" : "nearest: " + string.Join(", ", nearest);
    }
}
