using System;
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
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path);
                Directory.Delete(path);
            }
            else if (!overwrite && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new DataException($"Cannot write '{path}': the folder exists; --force replaces a checkpoint.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot write '{path}': {e.Message}", e);
        }
    }
}
