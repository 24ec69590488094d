using Xunit;

namespace Engine.Tests;

/// <summary>Tests on one device, one after the other: its kernels are compiled once, and some drivers dislike company.</summary>
[CollectionDefinition(Name)]
public sealed class DeviceCollection : ICollectionFixture<DeviceFixture>
{
    public const string Name = "device";
}
