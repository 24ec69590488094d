using System;
using System.Collections.Generic;
using Xunit;

namespace Engine.Tests;

/// <summary>Fails with the whole list: whoever breaks a rule wants to see every place at once.</summary>
internal static class Offenders
{
    /// <summary>Asserts that nothing breaks the rule.</summary>
    /// <param name="offenders">A line per place, with the file's path.</param>
    public static void AssertNone(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }
}
