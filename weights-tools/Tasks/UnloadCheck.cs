using System;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Loads an unloaded checkpoint again and compares its logits on test data with those of the merged network.</summary>
/// <param name="Samples">Samples compared; 0 if the task has no data.</param>
/// <param name="SameBits">All logits are equal to the bit.</param>
/// <param name="LargestDifference">Between two logits; above 0 where the base is stored in a narrower dtype.</param>
internal sealed record UnloadCheck(int Samples, bool SameBits, double LargestDifference)
{
    private const int MostSamples = 64;

    /// <summary>Compares.</summary>
    /// <param name="workspace">Its backbone holds the merged weights.</param>
    /// <param name="directory">The checkpoint that was written.</param>
    /// <param name="task">Index of the task whose head it carries.</param>
    /// <exception cref="DataException">The checkpoint cannot be loaded.</exception>
    public static UnloadCheck Of(FusionWorkspace workspace, string directory, int task)
    {
        SupervisedTask supervised = workspace.Tasks[task];
        if ((supervised.Test ?? supervised.Train) is not IDataset data)
        {
            return new UnloadCheck(0, false, 0);
        }

        Batch batch = data.CreateBatch(Math.Min(MostSamples, data.Count));
        data.Fill(batch, [.. Enumerable.Range(0, batch.Capacity)]);
        float[] expected = Logits(supervised.Head, workspace.Backbone, batch);
        using Checkpoint saved = Checkpoint.Open(directory);
        float[] found;
        if (supervised.Head is ZeroShotHead)
        {
            // The head is not part of a CLIP checkpoint.
            using Backbone backbone = ModelLoader.LoadBackbone(workspace.Backend, saved);
            found = Logits(supervised.Head, backbone, batch);
        }
        else
        {
            using SupervisedModel model = SupervisedModel.Load(workspace.Backend, saved);
            found = Logits(model.Head, model.Backbone, batch);
        }

        bool same = expected.AsSpan().SequenceEqual(found);
        return new UnloadCheck(batch.Count, same, same ? 0 : expected.Zip(found, static (a, b) => Math.Abs((double)a - b)).Max());
    }

    private static float[] Logits(Head head, Backbone backbone, Batch batch)
    {
        TensorRef logits = head.Forward(backbone.Forward(batch, ForwardMode.Inference));
        float[] values = new float[logits.ElementCount];
        backbone.Backend.Download<float>(logits, values);
        return values;
    }
}
