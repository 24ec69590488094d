using System;
using System.IO;

namespace WeightsTools;

/// <summary>Writes files all or nothing: under a temporary name first, which becomes the real one when everything is on disk. Whoever is
/// interrupted leaves the old file or the new one.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file; folders on the way are created.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
