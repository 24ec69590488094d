using System.IO;
using Engine.Fusion;

namespace WeightsTools;

/// <summary>Trained routers on the command line: their file, or the folder of their training.</summary>
/// <param name="Path">The file.</param>
/// <param name="Folder">Where it is.</param>
internal sealed record RouterSource(string Path, string Folder)
{
    /// <summary>Finds the file.</summary>
    /// <param name="path">A router file, or a folder that holds one under its usual name.</param>
    public static RouterSource Of(string path) => Directory.Exists(path)
        ? new RouterSource(System.IO.Path.Combine(path, RouterFile.FileName), path)
        : new RouterSource(path, System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");
}
