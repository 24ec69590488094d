using System;
using Engine.Fusion;

namespace Engine.Tests;

/// <summary>Routers of fixtures.json, whose parameters are given by a formula.</summary>
internal static class RecordedRouters
{
    /// <summary>Fills W1[i, j] = 0.05 sin(1 + i columns + j + 10 k), W2 the same with + 5, b1[i] = 0.02 cos(i), b2 = 0.3 for router
    /// k.</summary>
    /// <param name="fusion">Receives them.</param>
    /// <param name="order">Recorded names of the groups in the order of k.</param>
    public static void Fill(RoutedFusion fusion, string[] order)
    {
        foreach (RouterTensor tensor in fusion.Routers.Tensors)
        {
            string group = tensor.Name[..tensor.Name.LastIndexOf(".gate.", StringComparison.Ordinal)];
            int router = Array.IndexOf(order, NameOf(group));
            bool first = tensor.Name.Contains(".gate.0.", StringComparison.Ordinal);
            bool weight = tensor.Name.EndsWith(".weight", StringComparison.Ordinal);
            for (int i = 0; i < tensor.Shape.ElementCount; i++)
            {
                fusion.Parameters[tensor.Offset + i] = (float)(weight
                    ? 0.05 * Math.Sin(1 + i + (10 * router) + (first ? 0 : 5))
                    : first ? 0.02 * Math.Cos(i) : 0.3);
            }
        }
    }

    /// <summary>The recorded name of a group: "layers.0.mlp" of "encoder.layer.0.mlp".</summary>
    public static string NameOf(string group) => group
        .Replace("encoder.layer.", "layers.", StringComparison.Ordinal)
        .Replace(".attention", ".attn", StringComparison.Ordinal);
}
