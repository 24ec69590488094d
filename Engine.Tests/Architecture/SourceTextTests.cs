using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Engine.Tests;

/// <summary>What no file of this repository may contain, and where its types live.</summary>
public sealed partial class SourceTextTests
{
    // Folders of Engine.Kernels with a namespace of their own; no other folder adds one.
    private static readonly string[] KernelNamespaces = ["Host", "Reference", "Device", "Cases"];

    // Put together here, so that this file does not contain them.
    private static readonly string[] UnfinishedMarks = ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "HA" + "CK"];

    [Fact]
    public void Code_MarksOfUnfinishedWork_AreAbsent() => Offenders.AssertNone(
        from path in SourceFiles.WithExtension(".cs")
        from line in Numbered(path)
        where UnfinishedMarks.Any(mark => line.Text.Contains(mark, StringComparison.Ordinal))
        select $"{path}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void Files_PathsOfOneMachine_AreAbsent() => Offenders.AssertNone(
        from path in SourceFiles.WithExtension(".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".sh", ".json", ".yml", ".yaml", "")
        from line in Numbered(path)
        where MachinePath().IsMatch(line.Text)
        select $"{path}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void Code_Namespaces_FollowProjectsAndKernelFolders() => Offenders.AssertNone(
        from path in SourceFiles.HandWrittenCode()
        let found = NamespaceDeclaration().Match(SourceFiles.Text(path)).Groups[1].Value
        where found != ExpectedNamespace(path)
        select $"{path}: expected namespace {ExpectedNamespace(path)}, found '{found}'");

    [Fact]
    public void Code_TopLevelTypes_AreOnePerFileNamedAfterIt() => Offenders.AssertNone(
        from path in SourceFiles.HandWrittenCode()
        let types = TopLevelType().Matches(SourceFiles.Text(path)).Select(match => match.Groups[1].Value).Distinct().ToArray()
        let expected = Path.GetFileName(path).Split('.')[0]
        where types.Length > 1 || (types.Length == 1 && types[0] != expected)
        select $"{path}: expected one type {expected}, found {string.Join(", ", types)}");

    [Fact]
    public void Code_Names_SayWhatTheTypeDoes() => Offenders.AssertNone(
        from path in SourceFiles.WithExtension(".cs")
        where VagueName().IsMatch(path)
        select path);

    private static IEnumerable<(int Number, string Text)> Numbered(string path) =>
        SourceFiles.Lines(path).Select((text, index) => (index + 1, text));

    private static string ExpectedNamespace(string path)
    {
        string[] parts = path.Split('/');
        return parts[0] switch
        {
            "weights-tools" => "WeightsTools",
            "Engine.Kernels" when KernelNamespaces.Contains(parts[1]) => $"Engine.Kernels.{parts[1]}",
            _ => parts[0],
        };
    }

    [GeneratedRegex("""(^|["'`\s(=])(/(work|home|root|tmp|farm|Users|mnt|media)/|[A-Za-z]:\\)""")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*"
        + @"(?:class|interface|enum|delegate [\w<>\[\], ]+|record struct|record class|record|struct) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"(Utils?|Utilities|Helpers?|Manager)(/|\.cs$)")]
    private static partial Regex VagueName();
}
