using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

/// <summary>What golden tests ask of the host, asked of the device backend: models, their gradients, generation, fusion.</summary>
[Trait("Category", "Golden")]
[Trait("Category", "Device")]
public abstract class BackendGoldenTests
{
    /// <summary>The device, or a skipped test.</summary>
    protected abstract IBackend Backend { get; }

    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void LanguageModel_MatchesReference(string name) => Gpt2GoldenTests.LanguageModel(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData(StoredWeightsTests.StoredAsBFloat16)]
    public void LanguageModel_WeightsInBFloat16_MatchesReference(string name) =>
        StoredWeightsTests.LanguageModel(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData("GPT2ForSequenceClassification")]
    public void SequenceClassification_MatchesReference(string name) =>
        Gpt2GoldenTests.SequenceClassification(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData("ViTForImageClassification")]
    public void ViT_MatchesReference(string name) => VisionGoldenTests.ViT(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData("CLIPVisionModelWithProjection", Contains = true)]
    public void Clip_MatchesReference(string name) => VisionGoldenTests.Clip(FixtureFolder.Named(name), Backend);

    [Theory]
    [FixtureData("PWEMoE on", Contains = true)]
    public void Unload_MatchesReference(string name) => PwemoeGoldenTests.Merge(FixtureFolder.Named(name), Backend);
}
