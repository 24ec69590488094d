using System.Collections.Generic;
using System.Linq;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>The network of one preference as a plain checkpoint, and its scores before and after.</summary>
/// <param name="Path">Folder of the checkpoint.</param>
/// <param name="Preference">r.</param>
/// <param name="Bytes">Size of its tensors.</param>
/// <param name="Fused">Scores of the merged network.</param>
/// <param name="Loaded">Scores of the checkpoint after it was loaded again.</param>
internal sealed record UnloadedModel(
    string Path, IReadOnlyList<double> Preference, long Bytes, IReadOnlyList<TaskScore> Fused, IReadOnlyList<TaskScore> Loaded)
{
    /// <summary>Merges, saves, loads and scores.</summary>
    /// <param name="folder">Receives the checkpoint; an older one is replaced.</param>
    /// <param name="models">Base, experts and data.</param>
    /// <param name="fronts">Trained routers.</param>
    /// <param name="preference">r.</param>
    public static UnloadedModel Create(string folder, FusionWorkspace models, DemoFronts fronts, double[] preference)
    {
        fronts.Residual.Invalidate();
        fronts.Residual.Apply([.. preference.Select(static r => (float)r)]);
        TaskScore[] fused = fronts.Score();
        Unloader.Save(folder, models.Ensemble, preference, models.File.Names, headOf: 0, allHeads: true, overwrite: true);

        using Checkpoint checkpoint = Checkpoint.Open(folder);
        using Backbone backbone = ModelLoader.LoadBackbone(models.Backend, checkpoint);
        TaskEvaluator evaluator = new(backbone);
        return new UnloadedModel(folder, preference, checkpoint.ByteLength, fused, [.. models.Tasks.Select(evaluator.Score)]);
    }
}
