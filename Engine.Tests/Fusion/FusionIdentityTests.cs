using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Preferences and routers whose network is known exactly.</summary>
public sealed class FusionIdentityTests
{
    [Fact]
    public void ResidualByRow_BeforeTraining_IsTheSoup()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(Granularity.Row));
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        fusion.Settings.Initialization.Fill(fusion.Routers, seed: 4, fusion.Parameters);
        foreach (float[] preference in new[] { new[] { 0.3f, 0.7f }, [1f, 0f], [0.5f, 0.5f] })
        {
            soup.Apply(preference);
            float[] expected = Bits.Of(backend, sample.Backbone.Parameters);
            fusion.Invalidate();
            fusion.Apply(preference);
            Bits.AssertEqual("soup", expected, Bits.Of(backend, sample.Backbone.Parameters));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void PaperOneLayer_IdentityRoutersAtVertex_IsTheExpert(int task)
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Paper(RoutedModules.MlpAndAttention, layers: 1));
        foreach (RouterTensor weight in fusion.Routers.Tensors
            .Where(static tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            fusion.Parameters[weight.Offset] = 1;
            fusion.Parameters[weight.Offset + 3] = 1;
        }

        fusion.Apply(Vertex(task));
        HashSet<string> routed = [.. fusion.Groups.SelectMany(static group => group.Parameters).Select(static parameter => parameter.Name)];
        Assert.NotEmpty(routed);
        foreach (string name in routed)
        {
            AssertExpert(backend, sample, name, task);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Soup_Vertex_IsTheExpert(int task)
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        soup.Apply(Vertex(task));
        foreach (ParameterSpec parameter in sample.Backbone.Layout.Parameters)
        {
            AssertExpert(backend, sample, parameter.Name, task);
        }
    }

    [Fact]
    public void TaskArithmetic_LambdaZero_IsTheBase()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        float[] expected = Bits.Of(backend, sample.Backbone.Parameters);
        using UniformFusion soup = UniformFusion.Soup(sample.Ensemble);
        soup.Apply(Vertex(0));
        Assert.NotEqual(expected, Bits.Of(backend, sample.Backbone.Parameters));
        using UniformFusion arithmetic = UniformFusion.TaskArithmetic(sample.Ensemble, 0);
        arithmetic.Apply(Vertex(0));
        Bits.AssertEqual("base", expected, Bits.Of(backend, sample.Backbone.Parameters));
    }

    /// <summary>Preferences are independent: the way to one does not show in its network.</summary>
    [Fact]
    public void Apply_AfterOtherPreferences_SameBits()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Paper(RoutedModules.Mlp));
        fusion.Settings.Initialization.Fill(fusion.Routers, seed: 4, fusion.Parameters);
        fusion.Apply([0.25f, 0.75f]);
        float[] expected = Bits.Of(backend, sample.Backbone.Parameters);
        fusion.Apply([1, 0]);
        fusion.Apply([0.6f, 0.4f]);
        fusion.Apply([0.25f, 0.75f]);
        Bits.AssertEqual("parameters", expected, Bits.Of(backend, sample.Backbone.Parameters));
    }

    private static float[] Vertex(int task) => [task == 0 ? 1 : 0, task == 0 ? 0 : 1];

    /// <summary>θ0 + 1 (θi - θ0), each operation rounded once.</summary>
    private static void AssertExpert(IBackend backend, SampleExperiment sample, string name, int task)
    {
        float[] start = sample.Ensemble.Base.ReadSingles("vit." + name);
        float[] expert = sample.Ensemble.Experts[task].ReadSingles("vit." + name);
        float[] expected = new float[start.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            float difference = expert[i] - start[i];
            expected[i] = start[i] + difference;
        }

        Bits.AssertEqual(name, expected, Bits.Of(backend, sample.Backbone.Parameters[name]));
    }
}
