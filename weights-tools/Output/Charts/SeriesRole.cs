namespace WeightsTools;

/// <summary>What a series of a front chart is, which decides how it is drawn.</summary>
internal enum SeriesRole
{
    /// <summary>A front that is being shown: a coloured line, or a panel of its own.</summary>
    Method,

    /// <summary>What a method has to beat, such as the soup: a grey dashed line, or a panel of its own.</summary>
    Baseline,

    /// <summary>The experts, point i being that of task i: single marks.</summary>
    Expert,

    /// <summary>Single networks without a front, such as a plain average: single marks, and none in a triangle.</summary>
    Single,
}
