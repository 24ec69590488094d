using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

/// <summary>Golden tests on a device.</summary>
[Collection(DeviceCollection.Name)]
public sealed class DeviceGoldenTests(DeviceFixture device) : BackendGoldenTests
{
    /// <inheritdoc/>
    protected override IBackend Backend => device.Backend;

    [Theory]
    [FixtureData("PWEMoE on", Contains = true)]
    public void RoutedFusion_MatchesReference(string name) => PwemoeGoldenTests.Fuse(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData("router training trajectory", Contains = true)]
    public void RouterTrainer_FollowsReference(string name) => RouterTrajectoryGoldenTests.Train(FixtureFolder.Named(name), Backend);
}
