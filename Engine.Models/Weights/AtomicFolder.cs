using System;
using System.IO;
using System.Linq;

namespace Engine.Models;

/// <summary>
/// Writes a checkpoint's folder so that an interruption leaves either the old one or the complete new one: under a temporary name
/// beside it, then renamed. Where an old folder is replaced it is first renamed too, and put back if the last step fails.
/// </summary>
internal static class AtomicFolder
{
    /// <summary>Writes a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="overwrite">Whether an existing checkpoint is replaced. An existing folder that holds anything else never is.</param>
    /// <param name="write">Fills the folder whose path it is given.</param>
    /// <exception cref="DataException">The folder exists and may not be replaced, or cannot be written.</exception>
    public static void Write(string path, bool overwrite, Action<string> write)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string parent = Path.GetDirectoryName(target) ?? throw new DataException($"Cannot write '{path}': it is not a folder's name.");
        CheckReplaceable(path, target, overwrite);
        string temporary = AtomicFile.TemporaryName(target);
        bool done = false;
        try
        {
            Directory.CreateDirectory(parent);
            Directory.CreateDirectory(temporary);
            write(temporary);
            CheckReplaceable(path, target, overwrite);
            Swap(temporary, target);
            done = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataException.ForSystem("write", path, e);
        }
        finally
        {
            if (!done)
            {
                TryDelete(temporary);
            }
        }
    }

    private static void CheckReplaceable(string path, string target, bool overwrite)
    {
        if (File.Exists(target))
        {
            throw new DataException($"Cannot write '{path}': a file of this name exists.");
        }

        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
        {
            return;
        }

        if (!overwrite)
        {
            throw new DataException($"Cannot write '{path}': the folder exists, and overwriting was not asked for.");
        }

        if (Directory.EnumerateDirectories(target).Any() || !Directory.EnumerateFiles(target, "*.safetensors").Any())
        {
            throw new DataException($"Cannot write '{path}': the folder exists and is not a checkpoint (no *.safetensors, or subfolders).");
        }
    }

    private static void Swap(string temporary, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(temporary, target);
            return;
        }

        string old = AtomicFile.TemporaryName(target);
        Directory.Move(target, old);
        try
        {
            Directory.Move(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Directory.Move(old, target);
            throw;
        }

        TryDelete(old);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A leftover is harmless; the outcome of the write is what matters.
        }
    }
}
