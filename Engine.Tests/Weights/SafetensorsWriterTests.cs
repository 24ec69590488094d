using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class SafetensorsWriterTests
{
    private static readonly Gen<(DType DType, int[] Shape, byte[] Bytes)> AnyTensor =
        from dtype in Gen.Enum<DType>()
        from shape in Gen.Int[0, 5].Array[0, 4]
        from bytes in Gen.Byte.Array[shape.Aggregate(dtype.SizeInBytes(), static (product, size) => product * size)]
        select (dtype, shape, bytes);

    [Fact]
    public void Write_RandomTensors_ReadBackBitForBit()
    {
        using ScratchFolder folder = new();
        string path = folder.File("random.safetensors");
        Gen.Dictionary(Gen.String[1, 12].Where(static name => name != "__metadata__" && IsUnicode(name)), AnyTensor)[0, 6].Sample(
            tensors =>
            {
                List<HostTensor> memory = [];
                List<TensorToWrite> writes = [];
                foreach ((string name, (DType dtype, int[] shape, byte[] bytes)) in tensors)
                {
                    memory.Add(HostTensor.Of<byte>(dtype, new Shape(shape), bytes));
                    writes.Add(new TensorToWrite(name, memory[^1].Ref));
                }

                SafetensorsWriter.Write(path, writes, null);
                memory.ForEach(static tensor => tensor.Dispose());
                using SafetensorsFile file = SafetensorsFile.Open(path);
                Assert.Equal(tensors.Count, file.Entries.Count);
                foreach ((string name, (DType dtype, int[] shape, byte[] bytes)) in tensors)
                {
                    Assert.Equal(dtype, file[name].DType);
                    Assert.Equal(shape.Select(static size => (long)size), file[name].Shape);
                    Assert.Equal(bytes, file.Bytes(name));
                }
            },
            iter: 100,
            threads: 1);
        Assert.Equal(["random.safetensors"], folder.Entries());
    }

    [Fact]
    public void Write_MixedDTypes_OrdersAndPadsLikeTheReference()
    {
        using ScratchFolder folder = new();
        using HostTensor bytes = HostTensor.Of<byte>(DType.U8, new Shape(3), 1, 2, 3);
        using HostTensor half = HostTensor.Of<Half>(DType.F16, new Shape(1), (Half)1);
        using HostTensor single = HostTensor.Of<float>(DType.F32, new Shape(2), 1, 2);
        using HostTensor number = HostTensor.Of<long>(DType.I64, new Shape(), 7);
        string path = folder.File("order.safetensors");
        SafetensorsWriter.Write(
            path,
            [new("u", bytes.Ref), new("ä", single.Ref), new("h", half.Ref), new("b", single.Ref), new("i", number.Ref)],
            new Dictionary<string, string> { ["z"] = "1", ["k"] = "ö\"" });
        string header =
            """{"__metadata__":{"format":"pt","k":"ö\"","z":"1"},"i":"""
            + """{"dtype":"I64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"ä":"""
            + """{"dtype":"F32","shape":[2],"data_offsets":[16,24]},"h":{"dtype":"F16","shape":[1],"data_offsets":[24,26]},"u":"""
            + """{"dtype":"U8","shape":[3],"data_offsets":[26,29]}}""";
        byte[] written = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToInt64(written);
        Assert.Equal(0, length % 8);
        Assert.Equal(header, System.Text.Encoding.UTF8.GetString(written, 8, length).TrimEnd(' '));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal("ö\"", file.Metadata["k"]);
        Assert.Equal([1, 2, 3], file.ReadInt64s("u"));
    }

    [Fact]
    public void Write_RowsWithGaps_WritesTheRowsOnly()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(2, 3), 1, 2, 3, 4, 5, 6);
        string path = folder.File("gaps.safetensors");
        SafetensorsWriter.Write(path, [new("a", source.Ref.SliceColumns(1, 2)), new("b", source.Ref.SliceColumns(0, 1), DType.BF16)]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([2, 3, 5, 6], file.ReadSingles("a"));
        Assert.Equal([1, 4], file.ReadSingles("b"));
    }

    [Fact]
    public void Write_SharedScratchBuffer_PreparesEachTensorJustBeforeItIsRead()
    {
        using ScratchFolder folder = new();
        using HostTensor scratch = HostTensor.Of<float>(DType.F32, new Shape(2), 0, 0);
        TensorToWrite[] tensors = [.. Enumerable.Range(0, 5).Select(i => new TensorToWrite($"t{4 - i}", scratch.Ref)
        {
            Prepare = () => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(scratch.Bytes).Fill(4 - i),
        })];
        string path = folder.File("scratch.safetensors");
        SafetensorsWriter.Write(path, tensors);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal([i, i], file.ReadSingles($"t{i}")));
    }

    [Fact]
    public void Write_OtherDimensions_StoresThem()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(4), 1, 2, 3, 4);
        string path = folder.File("dimensions.safetensors");
        SafetensorsWriter.Write(path, [new("a", source.Ref) { Dimensions = [1, 2, 1, 2, 1] }]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([1L, 2, 1, 2, 1], file["a"].Shape);
        Assert.Throws<DataException>(() => SafetensorsWriter.Write(path, [new("a", source.Ref) { Dimensions = [5] }]));
    }

    [Fact]
    public void Write_OntoItsOwnSource_ReplacesTheFile()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(2), 1, 2);
        string path = folder.File("self.safetensors");
        SafetensorsWriter.Write(path, [new("a", source.Ref)]);
        using (SafetensorsFile old = SafetensorsFile.Open(path))
        {
            SafetensorsWriter.Write(path, [new("b", old.Tensor("a"), DType.F16)]);
            Assert.Equal([1, 2], old.ReadSingles("a"));
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([1, 2], file.ReadSingles("b"));
    }

    [Fact]
    public void Write_NameTwiceOrReserved_IsRefused()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1), 1);
        string path = folder.File("names.safetensors");
        Assert.Contains(
            "tensor 'a': the name is used twice",
            Assert.Throws<DataException>(() => SafetensorsWriter.Write(path, [new("a", source.Ref), new("a", source.Ref)])).Message,
            StringComparison.Ordinal);
        Assert.Throws<DataException>(() => SafetensorsWriter.Write(path, [new("__metadata__", source.Ref)]));
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void Write_IntegersAsFloat_IsRefused()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<int>(DType.I32, new Shape(1), 1);
        DataException error = Assert.Throws<DataException>(
            () => SafetensorsWriter.Write(folder.File("x.safetensors"), [new("a", source.Ref, DType.F32)]));
        Assert.Contains("'a': I32 cannot be stored as F32", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Entries());
    }

    private static bool IsUnicode(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) == text;
}
