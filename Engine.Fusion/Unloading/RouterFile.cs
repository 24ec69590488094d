using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// A trained front in one small file, routers.safetensors: the router tensors, named group.gate.N.weight and .bias, and in the
/// metadata the tasks, the settings (with λ of the frozen rest) and the hashes of base and experts.
/// </summary>
public static class RouterFile
{
    /// <summary>Usual name of the file.</summary>
    public const string FileName = "routers.safetensors";

    private const string IdentityKey = "fusion";

    /// <summary>Writes the routers atomically.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="fusion">Trained.</param>
    /// <param name="tasks">In order.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        using HostTensors tensors = new();
        List<TensorToWrite> routers = [.. fusion.Routers.Tensors.Select(tensor => tensors.Add<float>(
            tensor.Name, fusion.Parameters.AsSpan(tensor.Offset, (int)tensor.Shape.ElementCount), tensor.Shape))];
        SafetensorsWriter.Write(
            path, routers, new Dictionary<string, string> { [IdentityKey] = FusionIdentity.Of(fusion, tasks).ToJson() });
    }

    /// <summary>What the routers in a file belong to.</summary>
    /// <exception cref="DataException">The file is malformed or holds no routers.</exception>
    public static FusionIdentity ReadIdentity(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return Identity(file);
    }

    /// <summary>Builds the fusion that a file describes and loads its routers.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="ensemble">Base and experts, which must be those the routers were trained on.</param>
    /// <exception cref="DataException">The file is malformed, or base or experts have other content.</exception>
    public static RoutedFusion Read(string path, Ensemble ensemble)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        FusionIdentity identity = Identity(file);
        identity.Require(path, ensemble);
        RoutedFusion fusion = new(ensemble, identity.Settings);
        try
        {
            ReadParameters(file, fusion);
            return fusion;
        }
        catch
        {
            fusion.Dispose();
            throw;
        }
    }

    /// <summary>Loads router tensors by name.</summary>
    /// <param name="file">Holds group.gate.N.weight and .bias of every group.</param>
    /// <param name="fusion">Receives them.</param>
    /// <exception cref="DataException">A tensor is missing or has another shape.</exception>
    public static void ReadParameters(SafetensorsFile file, RoutedFusion fusion)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(fusion);
        foreach (RouterTensor tensor in fusion.Routers.Tensors)
        {
            float[] values = file.ReadSingles(tensor.Name);
            if (values.Length != tensor.Shape.ElementCount)
            {
                throw DataException.ForTensor(file.Path, tensor.Name, $"expected {tensor.Shape}, found {file[tensor.Name].ShapeText}.");
            }

            values.CopyTo(fusion.Parameters, tensor.Offset);
        }
    }

    private static FusionIdentity Identity(SafetensorsFile file) => file.Metadata.TryGetValue(IdentityKey, out string? json)
        ? FusionIdentity.FromJson(file.Path, json)
        : throw new DataException($"{file.Path}: the metadata has no '{IdentityKey}'; this is no router file.");
}
