namespace WeightsTools;

/// <summary>Where a table cell's text stands.</summary>
internal enum Alignment
{
    /// <summary>Words.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}
