using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Engine.Tests;

/// <summary>
/// Runs a theory once for each fixture of a kind; the argument is the fixture's name, for <see cref="FixtureFolder.Named"/>.
/// Without any such fixture the theory fails.
/// </summary>
/// <param name="kind">The "kind" of meta.json.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class FixtureDataAttribute(string kind) : DataAttribute
{
    /// <summary>The "kind" looked for.</summary>
    public string Kind => kind;

    /// <summary>Also takes fixtures whose kind only contains the text.</summary>
    public bool Contains { get; init; }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        IReadOnlyList<FixtureFolder> fixtures = Contains ? FixtureFolder.KindContaining(kind) : FixtureFolder.OfKind(kind);
        return new([.. fixtures.Select(static fixture => new TheoryDataRow<string>(fixture.Name))]);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
