using System;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace Engine.Tests;

/// <summary>Whatever is used of others is named, with its version.</summary>
public sealed class ThirdPartyNoticesTests
{
    private static readonly string Notices = SourceFiles.Text("THIRD-PARTY-NOTICES.md");

    [Fact]
    public void Notices_Packages_AreAllNamedWithTheirVersions() => Offenders.AssertNone(
        from package in XDocument.Parse(SourceFiles.Text("Directory.Packages.props")).Descendants()
        where package.Name.LocalName is "PackageVersion" or "GlobalPackageReference"
        let name = $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}"
        where !Notices.Contains(name, StringComparison.Ordinal)
        select $"{name} is missing in THIRD-PARTY-NOTICES.md");

    // The licence of ILGPU asks for its text, the clause on endorsement included.
    [Fact]
    public void Notices_Ilgpu_CarryTheWholeLicence()
    {
        Assert.Contains(
            "University of Illinois/NCSA Open Source License\nCopyright (c) 2016-2025 ILGPU Project", Notices, StringComparison.Ordinal);
        Assert.Contains("may be used to endorse or promote products derived from", Notices, StringComparison.Ordinal);
    }
}
