using System;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Parameters of a network that has not been trained: matrices, embeddings and tokens N(0, deviation^2), biases 0, weights of layer
/// norms 1. Every parameter has a random stream of its own, so the values do not depend on how memory is laid out.
/// </summary>
public static class ParameterInitializer
{
    /// <summary>The deviation that ViT and GPT-2 use.</summary>
    public const double DefaultDeviation = 0.02;

    // Keeps the parameters' streams apart from other uses of the seed.
    private const ulong StreamTag = 0x494E4954_00000000;

    /// <summary>Fills all parameters of a set.</summary>
    /// <param name="backend">Holds them.</param>
    /// <param name="parameters">Receive the values.</param>
    /// <param name="seed">Determines them; backbone and heads of one network take different seeds.</param>
    /// <param name="deviation">Of the normal distribution.</param>
    public static void Fill(IBackend backend, ParameterSet parameters, ulong seed, double deviation = DefaultDeviation)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < parameters.Parameters.Count; i++)
        {
            ParameterSpec parameter = parameters.Parameters[i];
            TensorRef tensor = parameters[parameter.Name];
            if (parameter.Shape.Rank == 1)
            {
                backend.Fill(tensor, parameter.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
                continue;
            }

            CounterRandom random = new(seed, StreamTag + (ulong)i);
            float[] values = new float[parameter.Shape.ElementCount];
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = (float)(deviation * random.Normal((ulong)k));
            }

            backend.Upload<float>(values, tensor);
        }
    }
}
