using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Trainable numbers of the paper's and our routers, from layouts alone.</summary>
public sealed class RouterCountTests
{
    private static readonly ParameterLayout ClipB32 = VisionBackbone.LayoutOf(new ClipVisionConfig());

    private static readonly ParameterLayout ClipL14 = VisionBackbone.LayoutOf(new ClipVisionConfig
    {
        HiddenSize = 1024,
        NumHiddenLayers = 24,
        NumAttentionHeads = 16,
        IntermediateSize = 4096,
        PatchSize = 14,
    });

    private static readonly ParameterLayout Gpt2 = Gpt2Backbone.LayoutOf(new Gpt2Config());

    [Theory]
    [InlineData(2, 264)]
    [InlineData(3, 540)]
    [InlineData(8, 3360)]
    public void Paper_Mlp_MatchesPublishedCounts(int tasks, int expected)
    {
        Assert.Equal(expected, Count(ClipB32, RouterSettings.Paper(RoutedModules.Mlp), tasks));
        Assert.Equal(expected, Count(Gpt2, RouterSettings.Paper(RoutedModules.Mlp), tasks));
        Assert.Equal(2 * expected, Count(ClipL14, RouterSettings.Paper(RoutedModules.Mlp), tasks));
    }

    [Fact]
    public void Paper_LargeModel_Has528() => Assert.Equal(528, Count(ClipL14, RouterSettings.Paper(RoutedModules.Mlp), 2));

    [Fact]
    public void Paper_MlpAndAttention_TwiceAsMany() =>
        Assert.Equal(528, Count(ClipB32, RouterSettings.Paper(RoutedModules.MlpAndAttention), 2));

    [Theory]
    [InlineData(2, 72)]
    [InlineData(8, 864)]
    public void Paper_OneLayer_MatchesFormula(int tasks, int expected) =>
        Assert.Equal(expected, Count(ClipB32, RouterSettings.Paper(RoutedModules.Mlp, layers: 1), tasks));

    [Theory]
    [InlineData(Granularity.Tensor, 1540)]
    [InlineData(Granularity.Row, 32492)]
    public void Residual_SampleViT_MatchesExperiment(Granularity granularity, int expected)
    {
        ParameterLayout layout = ModelLoader.LayoutOf(ModelConfiguration.Read(SourceTree.PathOf("samples", "models", "base")));
        Assert.Equal(expected, Count(layout, RouterSettings.Residual(granularity), 2));
    }

    [Fact]
    public void LayoutOf_AnyArchitecture_EqualsTheBackbones()
    {
        using IBackend backend = Backends.Create("reference");
        foreach (string model in new[] { RandomCheckpoint.TinyViT, RandomCheckpoint.TinyGpt2 })
        {
            using ScratchFolder scratch = new();
            System.IO.File.WriteAllText(scratch.File(ModelConfiguration.FileName), model);
            ModelConfiguration configuration = ModelConfiguration.Read(scratch.Path);
            using Backbone backbone = ModelLoader.CreateBackbone(backend, configuration);
            Assert.Equal(backbone.Layout.Parameters, ModelLoader.LayoutOf(configuration).Parameters);
        }
    }

    private static int Count(ParameterLayout layout, RouterSettings settings, int tasks) => new RouterBlock(
        [
            .. Partition.Create(layout, settings.Modules, settings.Granularity)
                .Select(group => (group.Name, settings.ArchitectureOf(group, tasks))),
        ]).ParameterCount;
}
