using System;

namespace Engine.Models;

/// <summary>
/// Images with labels from a pair of IDX files, held as bytes and normalised while a batch is filled. Images are grey [N, H, W]
/// or planar colour [N, C, H, W]; grey ones serve a model of several channels by repetition.
/// </summary>
public sealed class ImageDataset : IDataset
{
    private readonly IdxFile _images;
    private readonly byte[] _labels;
    private readonly PixelNormalization _normalization;
    private readonly int _fileChannels;
    private readonly int _height;
    private readonly int _width;

    private ImageDataset(string name, IdxFile images, byte[] labels, PixelNormalization normalization, int classCount)
    {
        Name = name;
        ClassCount = classCount;
        _images = images;
        _labels = labels;
        _normalization = normalization;
        _fileChannels = images.Dimensions.Count == 4 ? images.Dimensions[1] : 1;
        _height = images.Dimensions[^2];
        _width = images.Dimensions[^1];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <summary>Reads and checks a pair of files.</summary>
    /// <param name="name">Name for messages and reports.</param>
    /// <param name="imagesPath">IDX file of images.</param>
    /// <param name="labelsPath">IDX file of labels [N].</param>
    /// <param name="normalization">How bytes become pixel values; its channels are the model's.</param>
    /// <param name="imageSize">Side of the model's images in pixels.</param>
    /// <param name="classCount">Number of classes; labels lie below it.</param>
    /// <exception cref="DataException">A file is malformed, there are no examples, counts differ, images have another size or number
    /// of channels, or a label is out of range.</exception>
    public static ImageDataset Load(
        string name, string imagesPath, string labelsPath, PixelNormalization normalization, int imageSize, int classCount)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        IdxFile images = IdxFile.Read(imagesPath);
        IdxFile labels = IdxFile.Read(labelsPath);
        CheckImages(images, imageSize, normalization.Channels);
        if (labels.Dimensions.Count != 1 || labels.Dimensions[0] != images.Dimensions[0])
        {
            throw new DataException(
                $"{labelsPath}: expected [{images.Dimensions[0]}] labels, one for each image of {imagesPath}, "
                + $"found [{string.Join(", ", labels.Dimensions)}].");
        }

        int wrong = labels.Data.IndexOfAnyInRange((byte)Math.Min(classCount, 255), byte.MaxValue);
        if (wrong >= 0 && labels.Data[wrong] >= classCount)
        {
            throw new DataException(
                $"{labelsPath}: label {labels.Data[wrong]} of example {wrong} is out of range, the model has {classCount} classes.");
        }

        return new ImageDataset(name, images, labels.Data.ToArray(), normalization, classCount);
    }

    /// <inheritdoc/>
    public Batch CreateBatch(int capacity) => Batch.ForImages(capacity, _normalization.Channels, _height, _width);

    /// <inheritdoc/>
    public void Fill(Batch batch, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int channels = _normalization.Channels;
        if (batch.Channels != channels || batch.Height != _height || batch.Width != _width)
        {
            throw new ArgumentException(
                $"Data set '{Name}' has images [{channels}, {_height}, {_width}], "
                + $"the batch [{batch.Channels}, {batch.Height}, {batch.Width}].",
                nameof(batch));
        }

        batch.Count = indices.Length;
        int plane = _height * _width;
        ReadOnlySpan<byte> data = _images.Data;
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(indices));
            batch.Labels[i] = _labels[index];
            for (int channel = 0; channel < channels; channel++)
            {
                int fileChannel = _fileChannels == 1 ? 0 : channel;
                ReadOnlySpan<byte> source = data.Slice(((index * _fileChannels) + fileChannel) * plane, plane);
                Span<float> destination = batch.PixelValues.AsSpan(((i * channels) + channel) * plane, plane);
                Normalize(source, _normalization.Table(channel), destination);
            }
        }
    }

    private static void Normalize(ReadOnlySpan<byte> source, ReadOnlySpan<float> table, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = table[source[i]];
        }
    }

    private static void CheckImages(IdxFile images, int imageSize, int channels)
    {
        int rank = images.Dimensions.Count;
        if (rank is not (3 or 4))
        {
            throw new DataException(
                $"{images.Path}: expected images [N, H, W] or [N, C, H, W], found [{string.Join(", ", images.Dimensions)}].");
        }

        if (images.Dimensions[0] == 0)
        {
            throw new DataException($"{images.Path}: the data set is empty.");
        }

        if (images.Dimensions[^2] != imageSize || images.Dimensions[^1] != imageSize)
        {
            throw new DataException(
                $"{images.Path}: images of {images.Dimensions[^2]} x {images.Dimensions[^1]} pixels, "
                + $"the model takes {imageSize} x {imageSize}.");
        }

        if (rank == 4 && images.Dimensions[1] != channels && images.Dimensions[1] != 1)
        {
            throw new DataException($"{images.Path}: images of {images.Dimensions[1]} channels, the model takes {channels}.");
        }
    }
}
