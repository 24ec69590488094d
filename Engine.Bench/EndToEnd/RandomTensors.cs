using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Fills tensors with numbers of about the size that weights have.</summary>
internal static class RandomTensors
{
    private const int MostElements = 1 << 20;

    /// <summary>Uniform in ±scale from a fast linear congruence: the values do not matter, only that they are ordinary.</summary>
    public static void Fill(IBackend backend, TensorRef tensor, float scale, uint seed)
    {
        // A few rows at a time, so that peak memory is the model's own.
        int rows = Math.Clamp(MostElements / Math.Max(1, tensor.Columns), 1, Math.Max(1, tensor.Rows));
        using Arena arena = backend.CreateArena("values", Arena.AlignedSize(DType.F32, new Shape(rows, tensor.Columns)));
        TensorRef block = arena.Allocate("values", DType.F32, new Shape(rows, tensor.Columns));
        float[] values = new float[block.ElementCount];
        uint state = seed;
        for (int row = 0; row < tensor.Rows; row += rows)
        {
            for (int i = 0; i < values.Length; i++)
            {
                state = (state * 1664525u) + 1013904223u;
                values[i] = ((state >> 8) * (2f / 16777216f) - 1f) * scale;
            }

            backend.Upload<float>(values, block);
            int count = Math.Min(rows, tensor.Rows - row);
            backend.Copy(block.SliceRows(0, count), tensor.SliceRows(row, count));
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
