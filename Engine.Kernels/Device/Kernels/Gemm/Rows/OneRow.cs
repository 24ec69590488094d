namespace Engine.Kernels.Device;

/// <summary>One row: generation of one text.</summary>
internal readonly struct OneRow : IRowCount
{
    public static int Count => 1;
}
