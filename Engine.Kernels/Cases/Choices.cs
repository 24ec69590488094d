namespace Engine.Kernels.Cases;

/// <summary>Choices that the tables run through.</summary>
internal static class Choices
{
    /// <summary>Without and with an option.</summary>
    public static readonly bool[] OffOn = [false, true];

    /// <summary>Contiguous rows, and rows with a gap of an odd number of elements.</summary>
    public static readonly int[] Gaps = [0, 3];
}
