using System;
using System.IO;
using Engine.Models;

namespace WeightsTools;

/// <summary>The sample models and data, which are installed beside the program.</summary>
internal static class SampleFolder
{
    /// <summary>The task file of the samples.</summary>
    /// <exception cref="DataException">The program was installed without them.</exception>
    public static string TaskFilePath
    {
        get
        {
            string path = Path.Combine(AppContext.BaseDirectory, "samples", TaskFile.FileName);
            return File.Exists(path)
                ? path
                : throw new DataException($"Cannot read '{path}': the program was installed without its samples.");
        }
    }
}
