using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Models;
using WeightsTools;

namespace Engine.Tests;

/// <summary>The sample models with the first few of their examples, and a task file that tests may damage.</summary>
internal sealed class SampleTasks : IDisposable
{
    private const int Examples = 48;

    private readonly ScratchFolder _folder = new();

    /// <summary>Writes data and task file for some of the sample tasks.</summary>
    public SampleTasks(params IReadOnlyList<string> names)
    {
        File = _folder.File("tasks.json");
        new TaskFile
        {
            Base = SourceTree.PathOf("samples", "models", "base"),
            Tasks = [.. names.Select(name => new TaskEntry
            {
                Name = name,
                Expert = SourceTree.PathOf("samples", "models", name),
                Train = Data(name, "train"),
                Test = Data(name, "test"),
            })],
        }.Write(File);
    }

    /// <summary>The task file.</summary>
    public string File { get; }

    /// <summary>The folder that everything is in.</summary>
    public ScratchFolder Folder => _folder;

    /// <summary>The path of a file or folder.</summary>
    public string PathOf(params string[] parts) => Path.Combine([_folder.Path, .. parts]);

    /// <summary>The arguments of a short training.</summary>
    public string[] Train(string output, params string[] more) =>
    [
        "pareto", "train", File, "--output", PathOf(output), .. more,
        .. more.Contains("--steps") ? Array.Empty<string>() : ["--steps", "3"],
        .. more.Contains("--batch") ? Array.Empty<string>() : ["--batch", "4"],
    ];

    /// <summary>Puts a copy of a checkpoint in the place of the base or of an expert.</summary>
    /// <param name="task">Its index; -1 for the base.</param>
    /// <returns>The copy's safetensors file.</returns>
    public string CopyModel(int task)
    {
        TaskFile tasks = TaskFile.Read(File);
        string copy = PathOf("model");
        Directory.CreateDirectory(copy);
        foreach (string path in Directory.EnumerateFiles(task < 0 ? tasks.Base : tasks.Tasks[task].Expert))
        {
            System.IO.File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
        }

        (task < 0
            ? tasks with { Base = copy }
            : tasks with { Tasks = [.. tasks.Tasks.Select((entry, i) => i == task ? entry with { Expert = copy } : entry)] }).Write(File);
        return Path.Combine(copy, "model.safetensors");
    }

    /// <summary>Writes an IDX file.</summary>
    public static void WriteIdx(string path, int[] dimensions, byte[] data)
    {
        byte[] header = new byte[4 + (4 * dimensions.Length)];
        header[2] = 0x08;
        header[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        System.IO.File.WriteAllBytes(path, [.. header, .. data]);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private DataSource Data(string name, string split)
    {
        string stem = PathOf($"{name}-{split}");
        foreach (string part in new[] { "images-idx3-ubyte", "labels-idx1-ubyte" })
        {
            IdxFile full = IdxFile.Read(SourceTree.PathOf("samples", "data", $"{name}-{split}-{part}.gz"));
            int[] dimensions = [Examples, .. full.Dimensions.Skip(1)];
            WriteIdx($"{stem}-{part}", dimensions, full.Data[..dimensions.Aggregate(1, static (product, d) => product * d)].ToArray());
        }

        return new DataSource { Stem = stem };
    }
}
