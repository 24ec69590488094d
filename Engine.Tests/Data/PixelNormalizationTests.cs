using System;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class PixelNormalizationTests
{
    private const string ViT = """{"model_type":"vit"}""";
    private const string Clip = """{"model_type":"clip"}""";

    [Theory]
    [InlineData(ViT, null, 3, 2, 51, -0.6)]
    [InlineData(ViT, "{}", 1, 0, 255, 1)]
    [InlineData(Clip, null, 3, 0, 255, 1.930336254)]
    [InlineData(Clip, null, 3, 2, 0, -1.480215865)]
    [InlineData(ViT, """{"do_normalize":false}""", 3, 0, 51, 0.2)]
    [InlineData(ViT, """{"do_rescale":false,"do_normalize":false}""", 3, 0, 51, 51)]
    [InlineData(ViT, """{"do_rescale":false,"rescale_factor":7,"image_mean":[1],"image_std":[2]}""", 3, 1, 51, 25)]
    [InlineData(ViT, """{"rescale_factor":0.5,"image_mean":[1,2],"image_std":[1,4],"size":{"height":8}}""", 2, 1, 20, 2)]
    public void Read_FieldsAndDefaults_GiveTheValue(
        string config, string? preprocessor, int channels, int channel, int pixel, double expected)
    {
        using ScratchFolder folder = new();
        PixelNormalization normalization = Read(folder, config, preprocessor, channels);
        Assert.Equal(channels, normalization.Channels);
        Assert.Equal(expected, normalization.Table(channel)[pixel], 5);
    }

    [Theory]
    [InlineData("""{"image_mean":[1,2]}""", "image_mean has 2 values, the model's images have 3 channels")]
    [InlineData("""{"image_std":[1,0,1]}""", "image_std holds a value that is not positive")]
    [InlineData("""{"image_std":1}""", "image_std is 1, expected an array of numbers")]
    [InlineData("""{"rescale_factor":"x"}""", "rescale_factor is \"x\"")]
    [InlineData("{", "not valid JSON")]
    public void Read_Unusable_NamesFileAndKey(string preprocessor, string problem)
    {
        using ScratchFolder folder = new();
        DataException error = Assert.Throws<DataException>(() => Read(folder, ViT, preprocessor, 3));
        Assert.StartsWith(folder.File("preprocessor_config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static PixelNormalization Read(ScratchFolder folder, string config, string? preprocessor, int channels)
    {
        AtomicFile.WriteText(folder.File("config.json"), config);
        if (preprocessor is not null)
        {
            AtomicFile.WriteText(folder.File("preprocessor_config.json"), preprocessor);
        }

        return PixelNormalization.Read(folder.Path, ModelConfiguration.Read(folder.Path), channels);
    }
}
