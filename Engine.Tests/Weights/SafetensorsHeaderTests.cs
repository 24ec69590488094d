using System.Linq;
using System.Text;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class SafetensorsHeaderTests
{
    private const string F32Pair =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""";

    [Fact]
    public void Open_ValidFile_GivesEntriesInFileOrderAndMetadata()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(
            """{"z":{"dtype":"I16","shape":[],"data_offsets":[12,14]},"__metadata__":{"format":"pt"},"e":"""
            + """{"shape":[3,0],"data_offsets":[0,0],"dtype":"U8"},"a":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]}}   """,
            new byte[14]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(["e", "a", "z"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(new Shape(1, 3), file.Tensor("a").Shape);
        Assert.Equal(0, file.Tensor("z").Shape.Rank);
        Assert.Empty(file.ReadSingles("e"));
        Assert.Equal(new System.IO.FileInfo(path).Length, file["z"].ByteOffset + file["z"].ByteLength);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"__metadata__":{}}""", 0)]
    public void Open_NoTensors_IsValid(string header, int dataBytes)
    {
        using ScratchFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(folder.WriteSafetensors(header, new byte[dataBytes]));
        Assert.Empty(file.Entries);
    }

    [Theory]
    [InlineData(
        "overlap",
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        "'b'",
        "overlaps tensor 'a'")]
    [InlineData(
        "same place",
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""",
        "'b'",
        "overlaps")]
    [InlineData(
        "hole",
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        "'b'",
        "hole of 4 bytes")]
    [InlineData("hole first", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "'a'", "hole of 4 bytes")]
    [InlineData("unused tail", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "4 bytes", "belong to no tensor")]
    [InlineData("out of range", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "'a'", "truncated")]
    [InlineData("reversed", """{"a":{"dtype":"F32","shape":[0],"data_offsets":[12,0]}}""", "'a'", "begin <= end")]
    [InlineData("three offsets", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12,12]}}""", "'a'", "data_offsets")]
    [InlineData("size", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "'a'", "takes 8 bytes")]
    [InlineData("overflow", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12]}}""", "'a'", "64 bits")]
    [InlineData(
        "offset overflow",
        """{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""",
        "'a'",
        "64 bits")]
    [InlineData("negative", """{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "'a'", "natural")]
    [InlineData("negative zero", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[-0,12]}}""", "'a'", "natural")]
    [InlineData("fraction", """{"a":{"dtype":"F32","shape":[3.0],"data_offsets":[0,12]}}""", "'a'", "natural")]
    [InlineData("exponent", """{"a":{"dtype":"F32","shape":[3e0],"data_offsets":[0,12]}}""", "'a'", "natural")]
    [InlineData("text", """{"a":{"dtype":"F32","shape":["3"],"data_offsets":[0,12]}}""", "'a'", "natural")]
    [InlineData("unknown dtype", """{"a":{"dtype":"F8_E4M3","shape":[12],"data_offsets":[0,12]}}""", "'a'", "F8_E4M3")]
    [InlineData("dtype case", """{"a":{"dtype":"f32","shape":[3],"data_offsets":[0,12]}}""", "'a'", "f32")]
    [InlineData("unknown key", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"x":0}}""", "'a'", "'x'")]
    [InlineData("missing key", """{"a":{"dtype":"F32","data_offsets":[0,12]}}""", "'a'", "'shape' is missing")]
    [InlineData("key twice", """{"a":{"dtype":"F32","dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "'a'", "occurs twice")]
    [InlineData(
        "name twice",
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}}""",
        "'a'",
        "occurs twice")]
    [InlineData("no object", """{"a":[0,12]}""", "'a'", "object")]
    [InlineData(
        "metadata number", """{"__metadata__":{"n":1},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "__metadata__", "string")]
    [InlineData(
        "metadata twice",
        """{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""",
        "__metadata__",
        "twice")]
    [InlineData("metadata key twice", """{"__metadata__":{"k":"1","k":"2"}}""", "__metadata__", "twice")]
    [InlineData("metadata array", """{"__metadata__":["k"]}""", "__metadata__", "object")]
    [InlineData("trailing garbage", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}} x""", "header", "not valid JSON")]
    [InlineData("trailing comma", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},}""", "header", "not valid JSON")]
    [InlineData("unfinished", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]""", "header", "not valid JSON")]
    [InlineData("comment", """{/**/"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "header", "not valid JSON")]
    [InlineData("lone surrogate", """{"\ud800":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "header", "not valid JSON")]
    [InlineData("space first", """ {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "header", "start with '{'")]
    [InlineData("array", """[]""", "header", "start with '{'")]
    [InlineData("empty header", "", "header", "start with '{'")]
    public void Open_BrokenHeader_NamesFileTensorAndProblem(string what, string header, string subject, string problem)
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(header, new byte[12]);
        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains(path, error.Message, System.StringComparison.Ordinal);
        Assert.Contains(subject, error.Message, System.StringComparison.Ordinal);
        Assert.True(error.Message.Contains(problem, System.StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(100_000_001ul)]
    [InlineData(ulong.MaxValue)]
    public void Open_HeaderAboveLimit_IsRefused(ulong length)
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(length, F32Pair, new byte[12]);
        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains("100000000", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HeaderBeyondFile_IsRefused()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(99_999_999, F32Pair, new byte[12]);
        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains("truncated", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnyTruncation_IsRefused()
    {
        using ScratchFolder folder = new();
        byte[] whole = System.IO.File.ReadAllBytes(folder.WriteSafetensors(F32Pair, new byte[12]));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.WriteBytes("cut.safetensors", whole[..length]);
            DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose());
            Assert.Contains("cut.safetensors", error.Message, System.StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_InvalidUtf8_IsRefused()
    {
        using ScratchFolder folder = new();
        byte[] bytes = System.IO.File.ReadAllBytes(folder.WriteSafetensors(F32Pair, new byte[12]));
        bytes[Encoding.UTF8.GetByteCount("12345678{'")] = 0xFF;
        string path = folder.WriteBytes("utf8.safetensors", bytes);
        Assert.Contains(
            "UTF-8", Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose()).Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NameWithLineBreak_GivesOneLineMessage()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors("""{"a\nb":{"dtype":"F4","shape":[3],"data_offsets":[0,12]}}""", new byte[12]);
        DataException error = Assert.Throws<DataException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("a\\u000ab", error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingFileOrDirectory_IsRefused()
    {
        using ScratchFolder folder = new();
        Assert.Contains(
            "no such file",
            Assert.Throws<DataException>(() => SafetensorsFile.Open(folder.File("absent.safetensors")).Dispose()).Message,
            System.StringComparison.Ordinal);
        Assert.Contains(
            "directory",
            Assert.Throws<DataException>(() => SafetensorsFile.Open(folder.Path).Dispose()).Message,
            System.StringComparison.Ordinal);
    }
}
