namespace Engine.Kernels.Device;

/// <summary>Two to four rows. Where there are fewer than four, the last one is computed again, and nobody stores the results.</summary>
internal readonly struct FourRows : IRowCount
{
    public static int Count => 4;
}
