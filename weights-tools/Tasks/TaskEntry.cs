using System;

namespace WeightsTools;

/// <summary>One task of a task file.</summary>
internal sealed record TaskEntry
{
    /// <summary>Name in tables, plots and files.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Checkpoint folder that was fine-tuned on the task, and holds the task's head.</summary>
    public string Expert { get; init; } = string.Empty;

    /// <summary>The zero-shot head of a CLIP task.</summary>
    public ZeroShotSource? Head { get; init; }

    /// <summary>Examples to train routers with; null if there are none.</summary>
    public DataSource? Train { get; init; }

    /// <summary>Examples to evaluate with; null if there are none.</summary>
    public DataSource? Test { get; init; }

    /// <summary>The same with every path changed.</summary>
    public TaskEntry WithPaths(Func<string, string> change) => this with
    {
        Expert = change(Expert),
        Head = Head?.WithPath(change),
        Train = Train?.WithPaths(change),
        Test = Test?.WithPaths(change),
    };
}
