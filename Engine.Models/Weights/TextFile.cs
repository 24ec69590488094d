using System;
using System.IO;

namespace Engine.Models;

/// <summary>Reads whole text files with this project's errors.</summary>
internal static class TextFile
{
    /// <summary>Reads UTF-8 text.</summary>
    /// <exception cref="DataException">The file is missing or cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"Cannot read '{path}': there is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataException.ForSystem("read", path, e);
        }
    }
}
