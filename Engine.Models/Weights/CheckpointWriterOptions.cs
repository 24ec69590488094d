using System;
using System.Collections.Generic;

namespace Engine.Models;

/// <summary>What a checkpoint's folder holds beside the tensors, and how they are stored.</summary>
public sealed record CheckpointWriterOptions
{
    /// <summary>The text of config.json; null to write none.</summary>
    public string? ConfigurationText { get; init; }

    /// <summary>A folder whose preprocessor and tokenizer files are copied along; null to copy none.</summary>
    public string? CopyFilesFrom { get; init; }

    /// <summary>Further text files by name, for example "README.md".</summary>
    public IReadOnlyDictionary<string, string> TextFiles { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Entries of "__metadata__" in every file.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Most bytes of tensors in one file; a single larger tensor gets a file of its own.</summary>
    public long MaxShardBytes { get; init; } = 5_000_000_000;

    /// <summary>Whether an existing checkpoint in the same place is replaced.</summary>
    public bool Overwrite { get; init; }
}
