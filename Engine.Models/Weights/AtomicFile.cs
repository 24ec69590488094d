using System;
using System.IO;
using System.Text;

namespace Engine.Models;

/// <summary>
/// Writes files so that an interruption leaves either the old file or the complete new one: under a temporary name in the same
/// folder, flushed to the disk, then renamed. A failure deletes the temporary file; only a killed process leaves one behind.
/// </summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file, replacing an older one; missing parent folders are created.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Produces the content.</param>
    /// <exception cref="DataException">The folder cannot be written, the disk is full, or any other failure to write; the message
    /// names the path.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, path, write, CreateFile);

    /// <summary>Writes a text file as UTF-8 without byte order mark.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    public static void WriteText(string path, string text) => WriteText(path, path, text);

    /// <summary>As the public method; messages name <paramref name="shownPath"/>.</summary>
    internal static void WriteText(string path, string shownPath, string text) =>
        Write(path, shownPath, stream => stream.Write(Utf8WithoutMark.GetBytes(text)), CreateFile);

    /// <summary>As the public method; messages name <paramref name="shownPath"/>, <paramref name="create"/> opens the temporary
    /// file.</summary>
    internal static void Write(string path, string shownPath, Action<Stream> write, Func<string, Stream> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target) ?? throw new DataException($"Cannot write '{shownPath}': it is not a file name.");
        string temporary = TemporaryName(target);
        bool done = false;
        try
        {
            if (Directory.Exists(target))
            {
                throw new DataException($"Cannot write '{shownPath}': it is a directory.");
            }

            Directory.CreateDirectory(folder);
            using (Stream stream = create(temporary))
            {
                write(stream);
                Flush(stream);
            }

            File.Move(temporary, target, overwrite: true);
            done = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataException.ForSystem("write", shownPath, e);
        }
        finally
        {
            if (!done)
            {
                TryDelete(temporary);
            }
        }
    }

    /// <summary>A name beside the target that nobody else uses, hidden where a leading dot hides.</summary>
    internal static string TemporaryName(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");

    /// <summary>Creates a new file for sequential writing.</summary>
    internal static Stream CreateFile(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);

    private static void Flush(Stream stream)
    {
        if (stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
        else
        {
            stream.Flush();
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
