using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace Engine.PtxInterpreter;


/// <summary>
/// Device memory: separate buffers with gaps between, and memory of the host that is mapped at its own address. Every access must lie
/// inside one of these regions. Regions may overlap, as several views of the same memory do: any that contains the access allows it.
/// </summary>
public sealed class GlobalMemory
{
    // Above every address that a process can have, so that buffers and mapped memory never meet.
    private const ulong FirstAddress = 0x0200_0000_0000_0000;
    private const ulong Alignment = 256;
    private const ulong Gap = 1 << 20;

    private readonly Lock _changes = new();
    private RegionTable _table = RegionTable.Empty;
    private ulong _next = FirstAddress;

    /// <summary>Makes a buffer of zeros and returns its address.</summary>
    public ulong Allocate(int bytes, string name = "buffer")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        byte[] data = GC.AllocateArray<byte>(bytes, pinned: true);
        lock (_changes)
        {
            ulong address = _next;
            _table = _table.With(new MemoryRegion(address, bytes, Marshal.UnsafeAddrOfPinnedArrayElement(data, 0), name, data));
            _next = (address + (ulong)bytes + Gap + Alignment - 1) / Alignment * Alignment;
            return address;
        }
    }

    /// <summary>Makes a buffer that holds a copy of the values and returns its address.</summary>
    public ulong Upload<T>(ReadOnlySpan<T> values, string name = "buffer")
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        ulong address = Allocate(bytes.Length, name);
        bytes.CopyTo(Access(address, bytes.Length, 0));
        return address;
    }

    /// <summary>A copy of a buffer's contents.</summary>
    /// <param name="address">The address that <see cref="Allocate"/> or <see cref="Upload"/> returned.</param>
    /// <exception cref="ArgumentException">No buffer begins there.</exception>
    public T[] Download<T>(ulong address)
        where T : unmanaged
    {
        byte[]? data = _table.Regions.FirstOrDefault(region => region.Address == address && region.Buffer is not null)?.Buffer;
        return data is null
            ? throw new ArgumentException($"no buffer begins at 0x{address:x}", nameof(address))
            : MemoryMarshal.Cast<byte, T>(data).ToArray();
    }

    /// <summary>
    /// Lets kernels access memory of the host at its own address. The caller keeps it where it is until it is unmapped.
    /// </summary>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">The length; an access must not go beyond it.</param>
    /// <param name="name">The name in messages.</param>
    public void Map(nint address, long bytes, string name)
    {
        ArgumentOutOfRangeException.ThrowIfZero(address);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_changes)
        {
            _table = _table.With(new MemoryRegion((ulong)address, bytes, address, name, Buffer: null));
        }
    }

    /// <summary>Takes back one <see cref="Map"/> of the same address and length.</summary>
    /// <exception cref="ArgumentException">No such region is mapped.</exception>
    public void Unmap(nint address, long bytes)
    {
        lock (_changes)
        {
            MemoryRegion region = _table.Regions.FirstOrDefault(
                region => region.Buffer is null && region.Pointer == address && region.Length == bytes)
                ?? throw new ArgumentException($"no memory of {bytes} bytes is mapped at 0x{address:x}", nameof(address));
            _table = _table.Without(region);
        }
    }

    /// <summary>The bytes of an access.</summary>
    /// <exception cref="PtxExecutionException">No region contains them.</exception>
    internal Span<byte> Access(ulong address, int bytes, int line) => Find(address, bytes, line).Slice(address, bytes);

    /// <summary>A region that contains an access, and whoever asks again remembers it: most accesses hit the same few regions.</summary>
    /// <exception cref="PtxExecutionException">There is none.</exception>
    internal MemoryRegion Find(ulong address, int bytes, int line, ref MemoryRegion? recent) =>
        recent is not null && recent.Contains(address, bytes) ? recent : recent = Find(address, bytes, line);

    private MemoryRegion Find(ulong address, int bytes, int line)
    {
        RegionTable table = _table;
        return table.Find(address, bytes) ?? throw new PtxExecutionException(
            $"global access of {bytes} bytes at 0x{address:x} is outside every buffer{Describe(table.Nearest(address), address)}", line);
    }

    private static string Describe(MemoryRegion? region, ulong address)
    {
        if (region is null)
        {
            return "";
        }

        string place = address < region.Address ? $"{region.Address - address} bytes before" : $"{address - region.Address} bytes into";
        return $" ({place} {region.Name} of {region.Length})";
    }
}
