using System.Collections.Generic;
using System.Linq;

namespace Engine.Kernels;

/// <summary>Short names of precisions, for options and tables.</summary>
public static class Precisions
{
    private static readonly Dictionary<string, Precision> ByName = new()
    {
        ["f32"] = Precision.Float32,
        ["tf32"] = Precision.TensorFloat32,
        ["bf16"] = Precision.BFloat16,
    };

    /// <summary>f32, tf32 and bf16.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>The precision of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such precision.</exception>
    public static Precision Parse(string name) => ByName[name];

    /// <summary>The name of a precision.</summary>
    public static string NameOf(Precision precision) => ByName.First(pair => pair.Value == precision).Key;
}
