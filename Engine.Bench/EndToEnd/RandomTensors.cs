using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Fills tensors with numbers of about the size that weights have.</summary>
internal static class RandomTensors
{
    /// <summary>Uniform in ±scale from a fast linear congruence: the values do not matter, only that they are ordinary.</summary>
    public static void Fill(IBackend backend, TensorRef tensor, float scale, uint seed)
    {
        float[] values = new float[tensor.ElementCount];
        uint state = seed;
        for (int i = 0; i < values.Length; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            values[i] = ((state >> 8) * (2f / 16777216f) - 1f) * scale;
        }

        if (tensor.DType == DType.BF16)
        {
            backend.Upload<ushort>(Array.ConvertAll(values, DTypes.NarrowToBFloat16), tensor);
        }
        else
        {
            backend.Upload<float>(values, tensor);
        }
    }

    /// <summary>Matrices ±0.035 (deviation 0.02), gains 1, other vectors 0.</summary>
    public static void FillParameters(IBackend backend, ParameterSet parameters)
    {
        uint seed = 1;
        foreach (ParameterSpec parameter in parameters.Parameters)
        {
            TensorRef tensor = parameters[parameter.Name];
            if (parameter.Shape.Rank > 1)
            {
                Fill(backend, tensor, 0.035f, seed++);
            }
            else
            {
                backend.Fill(
                    tensor, parameter.Kind == ModuleKind.Norm && parameter.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
            }
        }
    }
}
