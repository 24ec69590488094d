using System;
using System.IO;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class ModelConfigurationTests
{
    [Theory]
    [InlineData("""{"architectures":["GPT2LMHeadModel"]}""", "GPT2LMHeadModel", true)]
    [InlineData("""{"architectures":["GPT2ForSequenceClassification"],"model_type":"gpt2"}""", "GPT2ForSequenceClassification", true)]
    [InlineData("""{"architectures":["GPT2Model"],"model_type":"gpt2"}""", "GPT2LMHeadModel", true)]
    [InlineData("""{"model_type":"vit"}""", "ViTForImageClassification", true)]
    [InlineData("""{"architectures":["CLIPModel"],"model_type":"clip"}""", "CLIPVisionModelWithProjection", true)]
    [InlineData("""{"architectures":null,"model_type":"clip_vision_model"}""", "CLIPVisionModel", true)]
    [InlineData("""{"architectures":["CLIPVisionModel"],"model_type":"clip_vision_model"}""", "CLIPVisionModel", true)]
    [InlineData("""{"architectures":["BertModel"],"model_type":"bert"}""", "BertModel", false)]
    [InlineData("""{"model_type":"bert"}""", "bert", false)]
    [InlineData("{}", "", false)]
    public void Read_Architecture_IsDetected(string text, string architecture, bool supported)
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), text);
        ModelConfiguration configuration = ModelConfiguration.Read(folder.Path);
        Assert.Equal(architecture, configuration.Architecture);
        Assert.Equal(supported, configuration.IsSupported);
        Assert.Contains(folder.File("config.json"), configuration.Unsupported().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"a":1,"a":2}""", "not valid JSON")]
    [InlineData("""{"architectures":"ViT"}""", "architectures is \"ViT\", expected an array of strings")]
    [InlineData("""{"model_type":3}""", "model_type is 3, expected a string")]
    public void Read_Malformed_NamesTheFile(string text, string problem)
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), text);
        DataException error = Assert.Throws<DataException>(() => ModelConfiguration.Read(folder.Path));
        Assert.StartsWith(folder.File("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_NamesIt()
    {
        using ScratchFolder folder = new();
        Assert.Contains(
            folder.File("config.json"),
            Assert.Throws<DataException>(() => ModelConfiguration.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyObject_GivesTheLibraryDefaults()
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), "{}");
        ViTConfig vit = ViTConfig.Read(folder.Path);
        Assert.Equal(
            (768, 12, 12, 3072, Activation.GeluErf, 1e-12f, 224, 16, 3, true, 2),
            (vit.HiddenSize, vit.NumHiddenLayers, vit.NumAttentionHeads, vit.IntermediateSize, vit.HiddenAct, vit.LayerNormEps,
                vit.ImageSize, vit.PatchSize, vit.NumChannels, vit.QkvBias, vit.NumLabels));
        Assert.Equal((197, 64), (vit.SequenceLength, vit.HeadSize));
        ClipVisionConfig clip = ClipVisionConfig.Read(folder.Path);
        Assert.Equal(
            (768, 512, 12, 12, 3072, Activation.QuickGelu, 1e-5f, 224, 32, 3, 50),
            (clip.HiddenSize, clip.ProjectionDim, clip.NumHiddenLayers, clip.NumAttentionHeads, clip.IntermediateSize, clip.HiddenAct,
                clip.LayerNormEps, clip.ImageSize, clip.PatchSize, clip.NumChannels, clip.SequenceLength));
        Gpt2Config gpt2 = Gpt2Config.Read(folder.Path);
        Assert.Equal(
            (50257, 1024, 768, 12, 12, 3072, Activation.GeluTanh, 1e-5f, true, null, 50256),
            (gpt2.VocabSize, gpt2.MaxPositionEmbeddings, gpt2.HiddenSize, gpt2.NumHiddenLayers, gpt2.NumAttentionHeads,
                gpt2.IntermediateSize, gpt2.ActivationFunction, gpt2.LayerNormEpsilon, gpt2.TieWordEmbeddings, gpt2.PadTokenId,
                gpt2.EosTokenId));
        // A record's own defaults are the same ones.
        Assert.Equal(new ClipVisionConfig(), clip);
        Assert.Equal(new ViTConfig { Labels = vit.Labels }, vit);
        Assert.Equal(new Gpt2Config { Labels = gpt2.Labels }, gpt2);
    }

    [Fact]
    public void Read_NestedVisionConfig_TakesItsFieldsAndTheOuterProjection()
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(
            folder.File("config.json"),
            """
            {"model_type":"clip","projection_dim":768,"hidden_size":1,
             "vision_config":{"hidden_size":1024,"num_attention_heads":16,"patch_size":14,"projection_dim":512}}
            """);
        ClipVisionConfig clip = ClipVisionConfig.Read(folder.Path);
        Assert.Equal((1024, 16, 14, 768), (clip.HiddenSize, clip.NumAttentionHeads, clip.PatchSize, clip.ProjectionDim));
        AtomicFile.WriteText(folder.File("config.json"), """{"vision_config":{"hidden_act":"relu"}}""");
        Assert.Contains(
            "vision_config.hidden_act is \"relu\", expected one of gelu, gelu_new, gelu_pytorch_tanh, quick_gelu",
            Assert.Throws<DataException>(() => ClipVisionConfig.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hidden_act":"silu"}""", "hidden_act is \"silu\"")]
    [InlineData("""{"hidden_size":0}""", "hidden_size is 0, expected a positive integer")]
    [InlineData("""{"hidden_size":1.5}""", "hidden_size is 1.5")]
    [InlineData("""{"hidden_size":"64"}""", "hidden_size is \"64\"")]
    [InlineData("""{"hidden_size":770}""", "hidden_size is 770, expected a multiple of num_attention_heads = 12")]
    [InlineData("""{"image_size":225}""", "image_size is 225, expected a multiple of patch_size = 16")]
    [InlineData("""{"image_size":[224,112]}""", "image_size is [224,112]")]
    [InlineData("""{"layer_norm_eps":-1}""", "layer_norm_eps is -1")]
    [InlineData("""{"qkv_bias":1}""", "qkv_bias is 1, expected true or false")]
    [InlineData("""{"id2label":{"0":"a","2":"b"}}""", "id2label")]
    [InlineData("""{"id2label":{"0":"a","1":2}}""", "id2label")]
    [InlineData("""{"id2label":{"0":"a"},"num_labels":3}""", "num_labels is 3, expected 1 as in id2label")]
    [InlineData("""{"problem_type":"multi_label_classification"}""", "problem_type")]
    public void Read_ViTWithUnusableField_NamesFileKeyAndValue(string text, string problem)
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), text);
        DataException error = Assert.Throws<DataException>(() => ViTConfig.Read(folder.Path));
        Assert.StartsWith(folder.File("config.json") + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"scale_attn_weights":false}""", "scale_attn_weights is false")]
    [InlineData("""{"scale_attn_by_inverse_layer_idx":true}""", "scale_attn_by_inverse_layer_idx is true")]
    [InlineData("""{"reorder_and_upcast_attn":true}""", "reorder_and_upcast_attn is true")]
    [InlineData("""{"activation_function":"relu"}""", "activation_function is \"relu\"")]
    [InlineData("""{"pad_token_id":50257}""", "pad_token_id is 50257, expected less than vocab_size = 50257")]
    [InlineData("""{"pad_token_id":-1}""", "pad_token_id is -1")]
    public void Read_Gpt2WithUnusableField_NamesFileKeyAndValue(string text, string problem)
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), text);
        Assert.Contains(problem, Assert.Throws<DataException>(() => Gpt2Config.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id2label":{"10":"k","0":"a","1":"b","2":"c","3":"d","4":"e","5":"f","6":"g","7":"h","8":"i","9":"j"}}""", 11, "k")]
    [InlineData("""{"num_labels":3}""", 3, "LABEL_2")]
    public void Read_Labels_AreInTheOrderOfTheirNumbers(string text, int count, string last)
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), text);
        ViTConfig config = ViTConfig.Read(folder.Path);
        Assert.Equal((count, last), (config.NumLabels, config.Labels[^1]));
    }

    [Fact]
    public void Read_Gpt2Inner_OverridesFourTimesTheWidth()
    {
        using ScratchFolder folder = new();
        AtomicFile.WriteText(folder.File("config.json"), """{"n_embd":24,"n_inner":null,"pad_token_id":0,"problem_type":"regression"}""");
        Gpt2Config config = Gpt2Config.Read(folder.Path);
        Assert.Equal((96, 0, ProblemType.Regression), (config.IntermediateSize, config.PadTokenId, config.ProblemType));
        AtomicFile.WriteText(folder.File("config.json"), """{"n_embd":24,"n_inner":17}""");
        Assert.Equal(17, Gpt2Config.Read(folder.Path).IntermediateSize);
    }

    [Theory]
    [Trait("Category", "Golden")]
    [FixtureData("GPT2ForSequenceClassification")]
    public void Read_SequenceClassificationFixture_AgreesWithItsTensors(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        using Checkpoint checkpoint = Checkpoint.Open(fixture.Path);
        Gpt2Config config = Gpt2Config.From(checkpoint.Configuration);
        Assert.Equal([config.NumLabels, config.HiddenSize], checkpoint.Entry("score.weight").Shape);
        Assert.Equal([config.VocabSize, config.HiddenSize], checkpoint.Entry("transformer.wte.weight").Shape);
        Assert.Equal([config.HiddenSize, config.IntermediateSize], checkpoint.Entry("transformer.h.0.mlp.c_fc.weight").Shape);
    }

    [Fact]
    public void Read_SampleModels_AgreeWithTheirTensors()
    {
        foreach (string folder in Directory.GetDirectories(SourceTree.PathOf("samples", "models")))
        {
            using Checkpoint checkpoint = Checkpoint.Open(folder);
            ViTConfig config = ViTConfig.From(checkpoint.Configuration);
            Assert.Equal([config.NumLabels, config.HiddenSize], checkpoint.Entry("classifier.weight").Shape);
            Assert.Equal([1, config.SequenceLength, config.HiddenSize], checkpoint.Entry("vit.embeddings.position_embeddings").Shape);
        }
    }
}
