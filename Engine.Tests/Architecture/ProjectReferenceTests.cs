using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Engine.Tests;

/// <summary>Arrows point down only: Kernels, Models, Fusion, then everything else.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["Engine.Kernels"] = [],
        ["Engine.Models"] = ["Engine.Kernels"],
        ["Engine.Fusion"] = ["Engine.Models", "Engine.Kernels"],
        ["Engine.Bench"] = ["Engine.Fusion", "Engine.Models", "Engine.Kernels"],
        ["weights-tools"] = ["Engine.Fusion", "Engine.Models", "Engine.Kernels"],
        ["Engine.Tests"] = ["Engine.Fusion", "Engine.Models", "Engine.Kernels", "Engine.Bench", "weights-tools"],
    };

    // Whoever embeds a library gets these and nothing else.
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Engine.Kernels"] = ["ILGPU", "ILGPU.Algorithms"],
        ["Engine.Models"] = [],
        ["Engine.Fusion"] = [],
    };

    public static TheoryData<string> ProjectNames => [.. SourceFiles.Projects];

    public static TheoryData<string> LibraryNames => [.. AllowedPackages.Keys];

    [Fact]
    public void Solution_Projects_AreTheSixOfTheDesign()
    {
        string[] expected = [.. SourceFiles.Projects.Select(name => $"{name}/{name}.csproj").Order(StringComparer.Ordinal)];

        Assert.Equal(expected, SourceFiles.WithExtension(".csproj"));
        Assert.All(
            expected, path => Assert.Contains(path.Replace('/', '\\'), SourceFiles.Text("FusionEngine.sln"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void ProjectFile_ProjectReferences_PointDown(string project)
    {
        IEnumerable<string> referenced = Items(project, "ProjectReference").Select(
            path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Empty(referenced.Except(AllowedProjects[project]));
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void ProjectFile_PackagesOfLibraries_AreTheAgreedOnes(string project) =>
        Assert.Empty(Items(project, "PackageReference").Except(AllowedPackages[project]));

    // What the compiler kept, whatever the project files say: a transitive reference would show up only here.
    [Theory]
    [InlineData("Engine.Kernels")]
    [InlineData("Engine.Models")]
    [InlineData("Engine.Fusion")]
    [InlineData("weights-tools")]
    public void Assembly_References_PointDown(string project)
    {
        IEnumerable<string> referenced = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!);

        Assert.Empty(referenced.Intersect(AllowedProjects.Keys).Except(AllowedProjects[project]));
    }

    private static List<string> Items(string project, string element) =>
    [
        .. XDocument.Parse(SourceFiles.Text($"{project}/{project}.csproj")).Descendants(element)
            .Select(item => item.Attribute("Include")!.Value),
    ];
}
