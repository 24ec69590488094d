using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>Finds out before long work whether its result can be written.</summary>
internal static class OutputFolder
{
    /// <summary>Checks that a checkpoint can be written.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="overwrite">An existing checkpoint may be replaced.</param>
    /// <exception cref="DataException">It cannot.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        try
        {
            if (!overwrite && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new DataException($"Cannot write '{path}': the folder exists; --force replaces a checkpoint.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }

        RequireWritable(path);
    }

    /// <summary>Checks that files can be written into a folder, which need not exist; leaves nothing behind.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="DataException">They cannot.</exception>
    public static void RequireWritable(string path)
    {
        try
        {
            List<DirectoryInfo> missing = [];
            for (DirectoryInfo? folder = new(path); folder is { Exists: false }; folder = folder.Parent)
            {
                missing.Add(folder);
            }

            Directory.CreateDirectory(path);
            File.Create(Path.Combine(path, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            missing.ForEach(static folder => folder.Delete());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }
    }

    private static DataException Refused(string path, Exception cause) => new($"Cannot write '{path}': {cause.Message}", cause);
}
