using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

/// <summary>Golden tests on the PTX that a CUDA device would run.</summary>
public sealed class InterpretedGoldenTests(InterpretedCudaFixture device) : BackendGoldenTests, IClassFixture<InterpretedCudaFixture>
{
    /// <inheritdoc/>
    protected override IBackend Backend => device.Backend;

    // All variants and preferences take the interpreter minutes; they are the same launches with other numbers.
    [Theory]
    [FixtureData("PWEMoE on", Contains = true)]
    public void RoutedFusion_OnePreference_MatchesReference(string name) =>
        PwemoeGoldenTests.Fuse(FixtureFolder.Named(name), Backend, mostVariants: 1, mostPreferences: 1);
}
