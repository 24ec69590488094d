using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Engine.Kernels.Device;

/// <summary>
/// ILGPU numbers the names in a kernel's code by how much it has compiled before, so that a driver which keeps compiled code from run to
/// run would never know a kernel again; here they are numbered by the order in which they appear.
/// </summary>
internal static partial class StableNames
{
    /// <summary>Numbers names such as var_4711.</summary>
    /// <param name="source">OpenCL C as ILGPU writes it.</param>
    public static string OfOpenCl(string source) => Number(source, NumberInOpenCl());

    /// <summary>Numbers labels, such as L_4711, and parameters, such as _args_4711.</summary>
    /// <param name="text">PTX as ILGPU writes it.</param>
    public static string OfPtx(string text) => Number(text, NumberInPtx());

    private static string Number(string code, Regex numberOfName)
    {
        Dictionary<string, string> numbers = [];
        return numberOfName.Replace(code, match =>
        {
            if (!numbers.TryGetValue(match.Value, out string? number))
            {
                number = numbers.Count.ToString(CultureInfo.InvariantCulture);
                numbers.Add(match.Value, number);
            }

            return number;
        });
    }

    // What follows a letter and an underscore: no literal, no type of OpenCL and none of its functions is written so.
    [GeneratedRegex(@"(?<=\b[A-Za-z]+_)\d+(?=\b|_)")]
    private static partial Regex NumberInOpenCl();

    // Not that of sm_80.
    [GeneratedRegex(@"(?<=\b(?:L|_[A-Za-z]+)_)\d+\b")]
    private static partial Regex NumberInPtx();
}
