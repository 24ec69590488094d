using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Engine.Models;

/// <summary>A model.safetensors.index.json: which of several files holds which tensor.</summary>
internal static class ShardIndex
{
    /// <summary>The index's usual name in a checkpoint's folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    /// <summary>Reads the index.</summary>
    /// <param name="path">The index file.</param>
    /// <returns>File name by tensor name.</returns>
    /// <exception cref="DataException">The index is malformed, or names a file outside its own folder.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        JsonElement root = JsonText.ParseObject(path, TextFile.Read(path));
        if (!root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new DataException($"{path}: expected an object 'weight_map' of file names.");
        }

        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (JsonProperty item in map.EnumerateObject())
        {
            string file = item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString()! : string.Empty;
            if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            {
                throw DataException.ForTensor(
                    path, item.Name, $"expected the name of a file in the same folder, found {item.Value.GetRawText()}.");
            }

            files.Add(item.Name, file);
        }

        return files.Count > 0 ? files : throw new DataException($"{path}: 'weight_map' is empty.");
    }

    /// <summary>Checks that the files hold exactly what the index says.</summary>
    /// <exception cref="DataException">A tensor is missing, unlisted, or lies in another file.</exception>
    public static void Check(string path, Dictionary<string, string> files, IReadOnlyCollection<SafetensorsFile> shards)
    {
        foreach (SafetensorsFile shard in shards)
        {
            string shardName = Path.GetFileName(shard.Path);
            foreach (TensorEntry entry in shard.Entries)
            {
                if (!files.TryGetValue(entry.Name, out string? file))
                {
                    throw DataException.ForTensor(shard.Path, entry.Name, $"not listed in {FileName}.");
                }

                if (file != shardName)
                {
                    throw DataException.ForTensor(shard.Path, entry.Name, $"{FileName} says that it lies in {file}.");
                }
            }
        }

        foreach ((string name, string file) in files)
        {
            if (!shards.First(shard => Path.GetFileName(shard.Path) == file).Contains(name))
            {
                throw DataException.ForTensor(path, name, $"missing in {file}.");
            }
        }
    }
}
