namespace Engine.Kernels.Cases;

/// <summary>What has routing weights of its own.</summary>
internal enum RoutedChannel
{
    /// <summary>The whole tensor.</summary>
    All,

    /// <summary>Each row.</summary>
    Row,

    /// <summary>Each column.</summary>
    Column,
}
