using System;
using System.Linq;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class ImageDatasetTests
{
    private static readonly PixelNormalization Grey = new(1.0 / 255, [0.5], [0.5]);
    private static readonly PixelNormalization Colour = new(1, [0, 1, 2], [1, 1, 2]);

    [Fact]
    public void Fill_SampleData_MatchesBytesAndLabels()
    {
        string images = SourceTree.PathOf("samples", "data", "digits-test-images-idx3-ubyte.gz");
        string labels = SourceTree.PathOf("samples", "data", "digits-test-labels-idx1-ubyte.gz");
        ImageDataset dataset = ImageDataset.Load("digits", images, labels, Grey, 8, 10);
        Assert.Equal((500, 10, "digits"), (dataset.Count, dataset.ClassCount, dataset.Name));
        Batch batch = dataset.CreateBatch(4);
        int[] indices = [499, 0, 7];
        dataset.Fill(batch, indices);
        Assert.Equal(3, batch.Count);
        IdxFile rawImages = IdxFile.Read(images);
        IdxFile rawLabels = IdxFile.Read(labels);
        for (int i = 0; i < indices.Length; i++)
        {
            Assert.Equal(rawLabels.Data[indices[i]], batch.Labels[i]);
            Assert.Equal(
                rawImages.Data.Slice(indices[i] * 64, 64).ToArray().Select(static pixel => (float)(((pixel / 255.0) - 0.5) / 0.5)),
                batch.PixelValues.Skip(i * 64).Take(64),
                static (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Fill_GreyImagesForThreeChannels_RepeatsThem()
    {
        using ScratchFolder folder = new();
        ImageDataset dataset = Load(folder, [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9], [0, 0, 8, 1, 0, 0, 0, 1, 0], Colour, 1, 1);
        Batch batch = dataset.CreateBatch(1);
        dataset.Fill(batch, [0]);
        Assert.Equal([9, 8, 3.5f], batch.PixelValues);
    }

    [Fact]
    public void Fill_ColourImages_KeepsTheirPlanes()
    {
        using ScratchFolder folder = new();
        byte[] images = [0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6];
        ImageDataset dataset = Load(folder, images, [0, 0, 8, 1, 0, 0, 0, 2, 0, 1], Colour, 1, 2);
        Batch batch = dataset.CreateBatch(2);
        dataset.Fill(batch, [1, 0]);
        Assert.Equal([4, 4, 2, 1, 1, 0.5f], batch.PixelValues);
        Assert.Equal([1, 0], batch.Labels);
    }

    [Fact]
    public void Fill_AllocatesNothing()
    {
        ImageDataset dataset = ImageDataset.Load(
            "digits",
            SourceTree.PathOf("samples", "data", "digits-test-images-idx3-ubyte.gz"),
            SourceTree.PathOf("samples", "data", "digits-test-labels-idx1-ubyte.gz"),
            Grey,
            8,
            10);
        Batch batch = dataset.CreateBatch(16);
        int[] indices = [.. Enumerable.Range(100, 16)];
        AllocationAssert.None(() => dataset.Fill(batch, indices));
    }

    [Fact]
    public void Fill_WrongBatchOrIndex_IsRefused()
    {
        using ScratchFolder folder = new();
        ImageDataset dataset = Load(folder, [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9], [0, 0, 8, 1, 0, 0, 0, 1, 0], Grey, 1, 1);
        Assert.Throws<ArgumentException>(() => dataset.Fill(Batch.ForImages(1, 3, 1, 1), [0]));
        Assert.Throws<ArgumentException>(() => dataset.Fill(Batch.ForTokens(1, 1), [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Fill(dataset.CreateBatch(1), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Fill(dataset.CreateBatch(1), [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Fill(dataset.CreateBatch(1), [0, 0]));
    }

    [Theory]
    [InlineData(
        "empty",
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 },
        new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 },
        "the data set is empty")]
    [InlineData(
        "label",
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1 },
        new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 1, 2 },
        "label 2 of example 1 is out of range, the model has 2 classes")]
    [InlineData(
        "count",
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1 },
        new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 0 },
        "expected [2] labels")]
    [InlineData(
        "size",
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1 },
        new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 0 },
        "images of 2 x 1 pixels, the model takes 1 x 1")]
    [InlineData("rank", new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1 }, new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 0 }, "expected images [N, H, W]")]
    [InlineData(
        "channels",
        new byte[] { 0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1 },
        new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 0 },
        "images of 2 channels, the model takes 1")]
    public void Load_UnusableData_NamesFileAndProblem(string what, byte[] images, byte[] labels, string problem)
    {
        using ScratchFolder folder = new();
        DataException error = Assert.Throws<DataException>(() => Load(folder, images, labels, Grey, 1, 2));
        Assert.StartsWith(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(problem, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    private static ImageDataset Load(
        ScratchFolder folder, byte[] images, byte[] labels, PixelNormalization normalization, int imageSize, int classes) =>
        ImageDataset.Load(
            "test", folder.WriteBytes("images", images), folder.WriteBytes("labels", labels), normalization, imageSize, classes);
}
