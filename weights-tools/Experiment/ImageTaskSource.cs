namespace WeightsTools;

/// <summary>Where an expert and its data are.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Expert">Folder of the expert's checkpoint.</param>
/// <param name="Data">Start of the data files' names, before "-train-images-idx3-ubyte.gz" and the like.</param>
internal sealed record ImageTaskSource(string Name, string Expert, string Data)
{
    /// <summary>The same with paths relative to another folder.</summary>
    public ImageTaskSource Below(string folder) =>
        this with { Expert = System.IO.Path.Combine(folder, Expert), Data = System.IO.Path.Combine(folder, Data) };
}
