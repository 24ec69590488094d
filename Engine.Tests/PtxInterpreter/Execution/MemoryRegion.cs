using System;

namespace Engine.PtxInterpreter;


/// <summary>A piece of memory that kernels may access: a buffer of the device, or mapped memory of the host.</summary>
/// <param name="Address">Where kernels see it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Pointer">Where it is: the same place for mapped memory.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Buffer">The pinned array that holds it, or null for mapped memory.</param>
internal sealed unsafe record MemoryRegion(ulong Address, long Length, nint Pointer, string Name, byte[]? Buffer)
{
    /// <summary>The address behind the last byte.</summary>
    public ulong End => Address + (ulong)Length;

    /// <summary>Whether all bytes of an access lie inside.</summary>
    public bool Contains(ulong address, int bytes)
    {
        ulong offset = address - Address;
        return offset <= (ulong)Length && (ulong)Length - offset >= (ulong)bytes;
    }

    /// <summary>The bytes of an access that lies inside.</summary>
    public Span<byte> Slice(ulong address, int bytes) => new((void*)(Pointer + (nint)(address - Address)), bytes);

    /// <summary>How far an address lies outside; 0 inside.</summary>
    public ulong Distance(ulong address) => address < Address ? Address - address : address >= End ? address - End + 1 : 0;
}
