using Xunit;

namespace Engine.Tests;

/// <summary>Tests on one OpenCL device, one after the other: its kernels are compiled once.</summary>
[CollectionDefinition(Name)]
public sealed class OpenClCollection : ICollectionFixture<OpenClFixture>
{
    public const string Name = "OpenCL device";
}
