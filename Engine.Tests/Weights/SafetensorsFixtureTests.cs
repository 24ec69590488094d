using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

[Trait("Category", "Golden")]
public sealed class SafetensorsFixtureTests
{
    [Fact]
    public void Open_EveryFixtureFile_CoversTheFileAndReads()
    {
        string[] paths = [.. FixtureFolder.All
            .SelectMany(static fixture => Directory.GetFiles(fixture.Path, "*.safetensors", SearchOption.AllDirectories))];
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (TensorEntry entry in file.Entries)
            {
                Assert.Equal(entry.ElementCount, file.ReadDoubles(entry.Name).Length);
                Assert.Equal(entry.ElementCount, file.Tensor(entry.Name).ElementCount);
            }
        }
    }

    [Theory]
    [FixtureData("GPT2LMHeadModel")]
    public void ReadInt64s_TokenIds_LieInTheVocabulary(string name)
    {
        using SafetensorsFile model = SafetensorsFile.Open(FixtureFolder.Named(name).File("model.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(FixtureFolder.Named(name).File("expected.safetensors"));
        long vocabulary = model["transformer.wte.weight"].Shape[0];
        Assert.Equal(DType.I64, expected["input_ids"].DType);
        Assert.All(expected.ReadInt64s("input_ids"), id => Assert.InRange(id, 0, vocabulary - 1));
        Assert.Equal(vocabulary, expected["logits"].Shape[^1]);
    }
}
