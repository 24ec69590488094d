namespace Engine.Kernels.Device;

/// <summary>
/// Where the calling lane reads fragments of rows in shared memory. A row has chunks of sixteen bytes, permuted by the last three bits of
/// its number, so that what is read at the same time lies in different banks.
/// </summary>
internal struct AttentionReads
{
    /// <summary>Of ldmatrix: row lane mod 16, of the first 32 bytes the sixteen of lane / 16; transposed or not.</summary>
    public uint First;

    /// <summary>The same of the second 32 bytes.</summary>
    public uint Second;

    /// <summary>The same of the third 32 bytes.</summary>
    public uint Third;

    /// <summary>The same of the fourth 32 bytes.</summary>
    public uint Fourth;

    /// <summary>Of elements of four bytes, which ldmatrix does not transpose: row 2 (lane mod 4), column lane / 4.</summary>
    public uint Element0;

    /// <summary>Eight columns on.</summary>
    public uint Element1;

    /// <summary>Sixteen columns on.</summary>
    public uint Element2;

    /// <summary>Twenty-four columns on.</summary>
    public uint Element3;

    /// <summary>From such an element to that of the next row.</summary>
    public uint ToOdd;

    /// <summary>Where the calling lane reads from a tile.</summary>
    /// <param name="shared">Its beginning.</param>
    /// <param name="pitch">Bytes of a row.</param>
    /// <param name="lane">0 to 31.</param>
    public static AttentionReads Start(uint shared, int pitch, int lane)
    {
        uint matrix = shared + (uint)((lane & 15) * pitch);
        int half = lane >> 4;
        int swizzle = lane & 7;
        int quad = lane & 3;
        uint element = shared + (uint)((2 * quad * pitch) + (((lane >> 2) & 3) * sizeof(float)));
        return new AttentionReads
        {
            First = matrix + Chunk(half ^ swizzle),
            Second = matrix + Chunk((2 + half) ^ swizzle),
            Third = matrix + Chunk((4 + half) ^ swizzle),
            Fourth = matrix + Chunk((6 + half) ^ swizzle),
            Element0 = element + Chunk(half ^ (2 * quad)),
            Element1 = element + Chunk((2 + half) ^ (2 * quad)),
            Element2 = element + Chunk((4 + half) ^ (2 * quad)),
            Element3 = element + Chunk((6 + half) ^ (2 * quad)),
            ToOdd = (uint)(pitch + TensorGemm.ChunkBytes - (2 * half * TensorGemm.ChunkBytes)),
        };
    }

    /// <summary>The same of another tile.</summary>
    public static AttentionReads Move(AttentionReads reads, int bytes) => new()
    {
        First = reads.First + (uint)bytes,
        Second = reads.Second + (uint)bytes,
        Third = reads.Third + (uint)bytes,
        Fourth = reads.Fourth + (uint)bytes,
        Element0 = reads.Element0 + (uint)bytes,
        Element1 = reads.Element1 + (uint)bytes,
        Element2 = reads.Element2 + (uint)bytes,
        Element3 = reads.Element3 + (uint)bytes,
        ToOdd = reads.ToOdd,
    };

    private static uint Chunk(int chunk) => (uint)(chunk * TensorGemm.ChunkBytes);
}
