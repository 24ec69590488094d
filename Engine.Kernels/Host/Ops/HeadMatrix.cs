namespace Engine.Kernels.Host;

/// <summary>Rows of floats at equal distances: one head's columns of a tensor, or a piece of scratch.</summary>
internal readonly unsafe struct HeadMatrix
{
    public HeadMatrix(float* address, nint stride)
    {
        Address = address;
        Stride = stride;
    }

    /// <summary>Element [0, 0]; null for no matrix.</summary>
    public float* Address { get; }

    /// <summary>Elements from one row to the next.</summary>
    public nint Stride { get; }

    /// <summary>First element of a row.</summary>
    public float* Row(int row) => Address + (row * Stride);

    /// <summary>The matrix from a row and column on.</summary>
    public HeadMatrix From(long row, int column) => new(Address + ((nint)row * Stride) + column, Stride);
}
