using System;
using System.Linq;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class ParameterInitializerTests
{
    [Fact]
    public void Fill_OfAVisionTransformer_DrawsMatricesAndSetsVectors()
    {
        using HostBackend backend = new(threads: 1);
        ModelConfiguration configuration = ModelConfiguration.Read(
            SourceTree.PathOf("samples", "models", "base", ModelConfiguration.FileName));
        using Backbone backbone = ModelLoader.CreateBackbone(backend, configuration);

        ParameterInitializer.Fill(backend, backbone.Parameters, seed: 3);

        foreach (ParameterSpec parameter in backbone.Layout.Parameters)
        {
            float[] values = new float[parameter.Shape.ElementCount];
            backend.Download<float>(backbone.Parameters[parameter.Name], values);
            if (parameter.Shape.Rank == 1)
            {
                float expected = parameter.Kind == ModuleKind.Norm && parameter.Name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0;
                Assert.All(values, value => Assert.Equal(expected, value));
            }
            else
            {
                double deviation = Math.Sqrt(values.Average(static value => (double)value * value));
                Assert.InRange(deviation / ParameterInitializer.DefaultDeviation, 0.7, 1.3);
            }
        }
    }

    [Fact]
    public void Fill_WithAnotherSeed_DrawsOtherNumbers()
    {
        using HostBackend backend = new(threads: 1);
        using LinearHead head = LinearHead.Create(backend, "classifier", 4, 3, bias: true);

        float[] first = Draw(1);
        Assert.Equal(first, Draw(1));
        Assert.NotEqual(first, Draw(2));

        float[] Draw(ulong seed)
        {
            ParameterInitializer.Fill(backend, head.Parameters, seed);
            float[] values = new float[12];
            backend.Download<float>(head.Parameters["classifier.weight"], values);
            return values;
        }
    }
}
