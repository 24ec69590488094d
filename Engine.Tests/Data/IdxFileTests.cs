using System;
using System.IO;
using System.IO.Compression;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class IdxFileTests
{
    private static readonly byte[] Valid = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_PlainOrCompressed_GivesDimensionsAndData(bool compressed)
    {
        using ScratchFolder folder = new();
        IdxFile file = IdxFile.Read(folder.WriteBytes("x-idx", compressed ? Compress(Valid) : Valid));
        Assert.Equal([2, 3], file.Dimensions);
        Assert.Equal(Valid[12..], file.Data.ToArray());
    }

    [Theory]
    [InlineData("magic", new byte[] { 1, 0, 8, 1, 0, 0, 0, 0 }, "two zero bytes")]
    [InlineData("type", new byte[] { 0, 0, 0x0D, 1, 0, 0, 0, 0 }, "0x0d")]
    [InlineData("scalar", new byte[] { 0, 0, 8, 0, 1 }, "dimensions")]
    [InlineData("huge", new byte[] { 0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 }, "found 1")]
    [InlineData("long", new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 7 }, "takes 1 bytes, found 2")]
    [InlineData("empty", new byte[0], "not an IDX file")]
    [InlineData("gzip", new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, "gzip")]
    public void Read_Malformed_NamesTheFile(string what, byte[] bytes, string problem)
    {
        using ScratchFolder folder = new();
        string path = folder.WriteBytes($"{what}-idx", bytes);
        DataException error = Assert.Throws<DataException>(() => IdxFile.Read(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AnyTruncation_IsRefused(bool compressed)
    {
        using ScratchFolder folder = new();
        byte[] whole = compressed ? Compress(Valid) : Valid;
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.WriteBytes("cut-idx", whole[..length]);
            Assert.Throws<DataException>(() => IdxFile.Read(path));
        }
    }

    [Fact]
    public void Read_NoFile_NamesIt()
    {
        using ScratchFolder folder = new();
        Assert.Contains(
            "no such file", Assert.Throws<DataException>(() => IdxFile.Read(folder.File("x"))).Message, StringComparison.Ordinal);
    }

    internal static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
