using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace Engine.Tests;

/// <summary>A new, empty folder that is deleted with everything in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("fusion-engine-").FullName;

    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that claims to be safetensors: length prefix, header text, data.</summary>
    public string WriteSafetensors(string header, byte[] data) => WriteSafetensors((ulong)Encoding.UTF8.GetByteCount(header), header, data);

    /// <summary>As above with any length in the prefix.</summary>
    public string WriteSafetensors(ulong headerLength, string header, byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        return WriteBytes("test.safetensors", [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data]);
    }

    /// <summary>Writes any file.</summary>
    public string WriteBytes(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    /// <summary>Names of all files and folders, hidden ones too, in ordinal order.</summary>
    public string[] Entries()
    {
        string[] names = [.. System.Linq.Enumerable.Select(Directory.EnumerateFileSystemEntries(Path), System.IO.Path.GetFileName)!];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
