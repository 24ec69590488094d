using System;
using System.Diagnostics;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Engine.Tests;

/// <summary>What the scripts below gpu/ name exists: they run where nobody can mend them.</summary>
public sealed partial class GpuScriptTests
{
    private const string RunScript = "gpu/run.sh";
    private const string Mark = $"[Collection({nameof(DeviceCollection)}.{nameof(DeviceCollection.Name)})]";
    private const string ThisFile = nameof(GpuScriptTests) + ".cs";

    [Fact]
    public void Run_TestClasses_AreThoseThatComputeOnTheNamedDevice()
    {
        string[] expected =
        [
            .. SourceFiles.HandWrittenCode()
                .Where(static path => path.StartsWith("Engine.Tests/", StringComparison.Ordinal))
                .Where(static path => !path.EndsWith(ThisFile, StringComparison.Ordinal))
                .Where(static path => SourceFiles.Text(path).Contains(Mark, StringComparison.Ordinal))
                .Select(static path => path.Split('/')[^1].Split('.')[0])
                .Order(StringComparer.Ordinal),
        ];
        Match match = Regex.Match(SourceFiles.Text(RunScript), @"^device_classes=\(\n([^)]*)\)", RegexOptions.Multiline);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Run_Parts_AreThoseOfTheDefault()
    {
        string script = SourceFiles.Text(RunScript);
        Assert.Equal(
            "devices," + DefaultParts().Match(script).Groups[1].Value,
            string.Join(',', PartCall().Matches(script).Select(static match => match.Groups[1].Value)));
        Assert.Contains($"[--parts {DefaultParts().Match(script).Groups[1].Value}]", script, StringComparison.Ordinal);
        Assert.All(
            PartCall().Matches(script),
            match => Assert.Contains($"\ndescribe_{match.Groups[1].Value}() {{", script, StringComparison.Ordinal));
    }

    /// <summary>Parts are checked before seconds, which are wrong here so that nothing runs.</summary>
    [Theory]
    [InlineData(null, "--seconds: expected a number, found 'x'")]
    [InlineData("routers_graphs,bench", "--seconds: expected a number, found 'x'")]
    [InlineData("selftest,graphs", "--parts: there is no part 'graphs'")]
    public void Run_Parts_ThoseOfTheDefaultAreAcceptedAndNoOthers(string? parts, string expected)
    {
        string[] chosen = parts is null ? [] : ["--parts", parts];
        Assert.Equal((2, $"error: {expected}\n"), Bash([SourceTree.PathOf(RunScript), "--seconds", "x", .. chosen]));
    }

    [Theory]
    [InlineData(RunScript)]
    [InlineData("gpu/pack.sh")]
    [InlineData("test.sh")]
    public void Script_Syntax_IsValid(string path) => Assert.Equal((0, string.Empty), Bash(["-n", SourceTree.PathOf(path)]));

    private static (int ExitCode, string Error) Bash(string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash.");
        using Process bash = Process.Start(new ProcessStartInfo("bash", arguments) { RedirectStandardError = true })!;
        string error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        return (bash.ExitCode, error);
    }

    [GeneratedRegex(@"^parts=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex DefaultParts();

    [GeneratedRegex(@"(?:^|\|\| )part (\w+) \d+ ", RegexOptions.Multiline)]
    private static partial Regex PartCall();
}
