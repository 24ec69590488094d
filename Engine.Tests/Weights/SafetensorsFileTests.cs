using System;
using System.Runtime.InteropServices;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class SafetensorsFileTests
{
    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, -1.5)]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0xBF }, -1.5)]
    [InlineData("F16", new byte[] { 0x00, 0xBE }, -1.5)]
    [InlineData("BF16", new byte[] { 0xC0, 0xBF }, -1.5)]
    [InlineData("I64", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2)]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, -2)]
    [InlineData("I16", new byte[] { 0xFE, 0xFF }, -2)]
    [InlineData("I8", new byte[] { 0xFE }, -2)]
    [InlineData("U64", new byte[] { 0xFE, 0, 0, 0, 0, 0, 0, 0 }, 254)]
    [InlineData("U32", new byte[] { 0, 0, 0, 0x80 }, 2147483648)]
    [InlineData("U16", new byte[] { 0xFE, 0xFF }, 65534)]
    [InlineData("U8", new byte[] { 0xFE }, 254)]
    [InlineData("BOOL", new byte[] { 1 }, 1)]
    public void Read_EveryDType_GivesTheValue(string dtype, byte[] bytes, double value)
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(
            $$$"""{"a":{"dtype":"{{{dtype}}}","shape":[1],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([value], file.ReadDoubles("a"));
        Assert.Equal([(float)value], file.ReadSingles("a"));
        if (file["a"].DType.IsFloatingPoint())
        {
            DataException error = Assert.Throws<DataException>(() => file.ReadInt64s("a"));
            Assert.Contains($"'a': expected an integer dtype, found {dtype}", error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal([(long)value], file.ReadInt64s("a"));
        }
    }

    [Fact]
    public void ReadInt64s_TooLargeUnsigned_IsRefused()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(
            """{"a":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", [0, 0, 0, 0, 0, 0, 0, 0x80]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Throws<DataException>(() => file.ReadInt64s("a"));
        Assert.Equal([9223372036854775808.0], file.ReadDoubles("a"));
    }

    [Fact]
    public void Indexer_MissingTensor_NamesFileTensorAndNearest()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors(
            """
            {"transformer.h.0.ln_1.weight":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},
             "h.9.attn.bias":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}
            """,
            []);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        DataException error = Assert.Throws<DataException>(() => file["h.0.ln_1.weight"]);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("'h.0.ln_1.weight': missing; nearest: 'transformer.h.0.ln_1.weight', ", error.Message, StringComparison.Ordinal);
        Assert.False(file.Contains("h.0.ln_1.weight"));
    }

    [Fact]
    public unsafe void Tensor_IsAViewOfTheMap()
    {
        using ScratchFolder folder = new();
        float[] values = [1, 2, 3, 4, 5, 6];
        string path = folder.WriteSafetensors(
            """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        using SafetensorsFile file = SafetensorsFile.Open(path);
        TensorRef row = file.Tensor("a").SliceRows(1, 1);
        HostMemory memory = Assert.IsType<MappedFile>(row.Buffer);
        Assert.Equal([4, 5, 6], new ReadOnlySpan<float>(memory.Address + row.ByteOffset, 3));
    }

    [Fact]
    public void Tensor_RankFive_IsRefusedButFlatViewAndReadWork()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors("""{"a":{"dtype":"U8","shape":[1,2,1,2,1],"data_offsets":[0,4]}}""", [1, 2, 3, 4]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        DataException error = Assert.Throws<DataException>(() => file.Tensor("a"));
        Assert.Contains("[1, 2, 1, 2, 1] has more than 4 dimensions", error.Message, StringComparison.Ordinal);
        Assert.Equal(new Shape(4), file.FlatTensor("a").Shape);
        Assert.Equal([1, 2, 3, 4], file.ReadInt64s("a"));
    }

    [Fact]
    public void Tensor_EmptyWithHugeDimension_IsRefused()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors("""{"a":{"dtype":"U8","shape":[0,4294967296],"data_offsets":[0,0]}}""", []);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Throws<DataException>(() => file.Tensor("a"));
    }

    [Fact]
    public void Tensor_AfterDispose_HasNoAddress()
    {
        using ScratchFolder folder = new();
        string path = folder.WriteSafetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [1]);
        SafetensorsFile file = SafetensorsFile.Open(path);
        MappedFile map = Assert.IsType<MappedFile>(file.Tensor("a").Buffer);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Bytes(0, 1).Length);
    }
}
