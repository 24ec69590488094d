using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Engine.Models;

/// <summary>
/// Writes a model's folder in Hugging Face layout: config.json, model.safetensors or shards with their index, and the files of
/// preprocessor and tokenizer. The folder appears as a whole or not at all.
/// </summary>
public static class CheckpointWriter
{
    private static readonly string[] CompanionFiles =
    [
        "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt", "generation_config.json",
    ];

    /// <summary>Writes a checkpoint; missing parent folders are created.</summary>
    /// <param name="directory">The folder to create.</param>
    /// <param name="tensors">What to write; shards are filled in this order.</param>
    /// <param name="options">Configuration, companions, shard size.</param>
    /// <exception cref="DataException">The folder exists and may not be replaced, or anything cannot be written. Nothing new is left
    /// behind, and an older checkpoint stays.</exception>
    public static void Write(string directory, IReadOnlyList<TensorToWrite> tensors, CheckpointWriterOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxShardBytes, nameof(options));
        // Across shards the writer of one file would not notice.
        string? twice = tensors
            .GroupBy(static tensor => tensor.Name, StringComparer.Ordinal)
            .FirstOrDefault(static group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw DataException.ForTensor(directory, twice, "the name is used twice.");
        }

        AtomicFolder.Write(directory, options.Overwrite, folder =>
        {
            Target target = new(folder, directory);
            WriteTensors(target, tensors, options);
            WriteTexts(target, options);
        });
    }

    private static void WriteTensors(Target target, IReadOnlyList<TensorToWrite> tensors, CheckpointWriterOptions options)
    {
        List<List<TensorToWrite>> shards = Split(tensors, options.MaxShardBytes);
        if (shards.Count == 1)
        {
            target.WriteTensors(Checkpoint.SingleFileName, shards[0], options.Metadata);
            return;
        }

        SortedDictionary<string, string> map = new(StringComparer.Ordinal);
        for (int i = 0; i < shards.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            target.WriteTensors(name, shards[i], options.Metadata);
            shards[i].ForEach(tensor => map.Add(tensor.Name, name));
        }

        target.WriteText(ShardIndex.FileName, IndexText(map, tensors.Sum(static tensor => tensor.StoredBytes)));
    }

    private static List<List<TensorToWrite>> Split(IReadOnlyList<TensorToWrite> tensors, long maxBytes)
    {
        List<List<TensorToWrite>> shards = [[]];
        long bytes = 0;
        foreach (TensorToWrite tensor in tensors)
        {
            if (shards[^1].Count > 0 && tensor.StoredBytes > maxBytes - bytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.StoredBytes;
        }

        return shards;
    }

    private static string IndexText(SortedDictionary<string, string> map, long totalBytes)
    {
        ArrayBufferWriter<byte> buffer = new();
        JsonWriterOptions layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter json = new(buffer, layout))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", totalBytes);
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach ((string tensor, string file) in map)
            {
                json.WriteString(tensor, file);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteTexts(Target target, CheckpointWriterOptions options)
    {
        if (options.ConfigurationText is not null)
        {
            target.WriteText(ModelConfiguration.FileName, options.ConfigurationText);
        }

        foreach (string name in options.CopyFilesFrom is null ? [] : CompanionFiles)
        {
            string source = Path.Combine(options.CopyFilesFrom!, name);
            if (File.Exists(source))
            {
                target.WriteText(name, TextFile.Read(source));
            }
        }

        foreach ((string name, string text) in options.TextFiles)
        {
            target.WriteText(name, text);
        }
    }

    // Files are written into a temporary folder; messages name the one that was asked for.
    private readonly record struct Target(string Folder, string ShownFolder)
    {
        public void WriteTensors(string name, List<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata) =>
            SafetensorsWriter.Write(Path.Combine(Folder, name), Path.Combine(ShownFolder, name), tensors, metadata, AtomicFile.CreateFile);

        public void WriteText(string name, string text) =>
            AtomicFile.WriteText(Path.Combine(Folder, name), Path.Combine(ShownFolder, name), text);
    }
}
