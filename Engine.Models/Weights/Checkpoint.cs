using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The tensors of a model, mapped into memory: a folder in Hugging Face layout (config.json with model.safetensors, or with
/// shards and model.safetensors.index.json), or a single safetensors file.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    /// <summary>The usual name of an unsharded file in a checkpoint's folder.</summary>
    internal const string SingleFileName = "model.safetensors";

    private readonly SafetensorsFile[] _files;
    private readonly Dictionary<string, SafetensorsFile> _byName;
    private readonly ModelConfiguration? _configuration;
    private string? _sha256;

    private Checkpoint(string path, SafetensorsFile[] files, ModelConfiguration? configuration)
    {
        Path = path;
        _files = files;
        _configuration = configuration;
        _byName = files.SelectMany(static file => file.Entries, static (file, entry) => (file, entry))
            .ToDictionary(static pair => pair.entry.Name, static pair => pair.file, StringComparer.Ordinal);
        Names = [.. _byName.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder or file as it was given.</summary>
    public string Path { get; }

    /// <summary>True if the folder has a config.json.</summary>
    public bool HasConfiguration => _configuration is not null;

    /// <summary>The config.json of the folder.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public ModelConfiguration Configuration => _configuration
        ?? throw new DataException($"{Path}: there is no {ModelConfiguration.FileName}; expected a folder that holds one.");

    /// <summary>The names of all tensors in ordinal order.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>The files that hold the tensors, in the order of their names.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(static file => file.Path)];

    /// <summary>The text entries of the first file's "__metadata__".</summary>
    public IReadOnlyDictionary<string, string> Metadata => _files[0].Metadata;

    /// <summary>Size of all tensors in bytes.</summary>
    public long ByteLength => _files.Sum(static file => file.Entries.Sum(static entry => entry.ByteLength));

    /// <summary>Maps and validates all files of a checkpoint.</summary>
    /// <param name="path">A folder, or a safetensors file.</param>
    /// <exception cref="DataException">A file is missing, malformed, or contradicts the index.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            return File.Exists(path)
                ? new Checkpoint(path, [SafetensorsFile.Open(path)], null)
                : throw new DataException($"Cannot read '{path}': there is no such file or folder.");
        }

        string config = System.IO.Path.Combine(path, ModelConfiguration.FileName);
        ModelConfiguration? configuration = File.Exists(config) ? ModelConfiguration.Read(config) : null;
        string single = System.IO.Path.Combine(path, SingleFileName);
        if (File.Exists(single))
        {
            return new Checkpoint(path, [SafetensorsFile.Open(single)], configuration);
        }

        string index = System.IO.Path.Combine(path, ShardIndex.FileName);
        return File.Exists(index)
            ? new Checkpoint(path, OpenShards(path, index), configuration)
            : throw new DataException($"{path}: expected {SingleFileName} or {ShardIndex.FileName} in the folder, found neither.");
    }

    /// <summary>True if the checkpoint holds the tensor.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Dtype, shape and place of a tensor; its offset counts from the start of <see cref="FileOf"/>.</summary>
    /// <exception cref="DataException">There is no such tensor; the message lists the nearest names.</exception>
    public TensorEntry Entry(string name) => Find(name)[name];

    /// <summary>A view of a tensor in the mapped file; valid until the checkpoint is disposed, and read-only.</summary>
    /// <exception cref="DataException">There is no such tensor, or it has too many dimensions for a view.</exception>
    public TensorRef Tensor(string name) => Find(name).Tensor(name);

    /// <summary>A view of all elements of a tensor of any rank as one row; otherwise as <see cref="Tensor"/>.</summary>
    /// <exception cref="DataException">There is no such tensor, or it has 2^31 or more elements.</exception>
    public TensorRef FlatTensor(string name) => Find(name).FlatTensor(name);

    /// <summary>A copy of a tensor as float: any dtype, rounded to nearest.</summary>
    /// <exception cref="DataException">There is no such tensor, or it has more elements than an array can hold.</exception>
    public float[] ReadSingles(string name) => Find(name).ReadSingles(name);

    /// <summary>The path of the file that holds a tensor.</summary>
    /// <exception cref="DataException">There is no such tensor.</exception>
    public string FileOf(string name) => Find(name).Path;

    /// <summary>
    /// SHA-256 over the names, dtypes, shapes and bytes of all tensors in ordinal order of their names, as lower-case
    /// hexadecimal. Independent of sharding, header text and configuration. Computed once: it reads every byte.
    /// </summary>
    public string Sha256() => _sha256 ??= ContentHash.Of(_byName);

    /// <summary>Unmaps all files; views of tensors become invalid.</summary>
    public void Dispose() => Close(_files);

    private static SafetensorsFile[] OpenShards(string folder, string index)
    {
        Dictionary<string, string> map = ShardIndex.Read(index);
        List<SafetensorsFile> shards = [];
        try
        {
            foreach (string file in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                shards.Add(SafetensorsFile.Open(System.IO.Path.Combine(folder, file)));
            }

            ShardIndex.Check(index, map, shards);
            return [.. shards];
        }
        catch (DataException)
        {
            Close(shards);
            throw;
        }
    }

    private static void Close(IEnumerable<SafetensorsFile> files)
    {
        foreach (SafetensorsFile file in files)
        {
            file.Dispose();
        }
    }

    private SafetensorsFile Find(string name) => _byName.TryGetValue(name, out SafetensorsFile? file)
        ? file
        : throw DataException.ForTensor(Path, name, $"missing; {NearestTensors.Describe(Names, name)}.");
}
