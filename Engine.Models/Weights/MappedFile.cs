using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// A whole file mapped read-only into memory: pages are loaded when touched and can be dropped by the system, so tensors larger
/// than memory can be streamed. Writing through <see cref="Address"/> faults. The file must not shrink while it is mapped.
/// </summary>
public sealed unsafe class MappedFile : HostMemory
{
    // Below this, getting the pages back costs more than the memory is worth.
    private const long SmallestRelease = 1 << 20;

    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _address;
    private bool _disposed;

    private MappedFile(string path, long byteLength, MemoryMappedFile? map)
        : base(path, byteLength)
    {
        if (map is null)
        {
            return;
        }

        _map = map;
        _view = map.CreateViewAccessor(0, byteLength, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
        _address += _view.PointerOffset;
    }

    /// <inheritdoc/>
    public override byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _address;
        }
    }

    /// <summary>Maps a file.</summary>
    /// <param name="path">An existing, readable file; it may be empty.</param>
    /// <exception cref="DataException">The file is missing or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new DataException($"Cannot read '{path}': it is a directory.");
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            long length = stream.Length;
            MemoryMappedFile? map = length == 0
                ? null
                : MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(path, length, map);
        }
        catch (FileNotFoundException)
        {
            throw new DataException($"Cannot read '{path}': there is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataException.ForSystem("read", path, e);
        }
    }

    /// <summary>Bytes of the file.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the file.</exception>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > ByteLength - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"'{Name}' has {ByteLength} bytes, asked for {length} from {offset}.");
        }

        return new ReadOnlySpan<byte>(Address + offset, length);
    }

    /// <summary>Tells the system that a tensor will not be read for a while: its pages leave the process, and come back from the page
    /// cache or the disk when they are read again. Without effect on small tensors, on memory that is no mapped file, and where the
    /// system has no such call.</summary>
    /// <param name="stored">Any contiguous tensor; only whole pages inside it are released.</param>
    public static void Release(TensorRef stored)
    {
        long bytes = stored.ElementCount * stored.DType.SizeInBytes();
        if (bytes < SmallestRelease || stored.Buffer is not MappedFile file)
        {
            return;
        }

        long page = Environment.SystemPageSize;
        long first = (stored.ByteOffset + page - 1) / page * page;
        long end = (stored.ByteOffset + bytes) / page * page;
        MemoryAdvice.DropPages(file.Address + first, (nuint)(end - first));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The view's handle is a SafeHandle: whoever forgets to dispose loses nothing but time.
        if (_disposed || !disposing)
        {
            return;
        }

        _disposed = true;
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }

        _map?.Dispose();
        _address = null;
    }
}
