namespace Engine.Kernels.Device;

/// <summary>Heads of 1 to 64 numbers.</summary>
internal readonly struct NarrowHead : IHeadWidth
{
    public static int Chunks => 1;

    public static int GroupsPerMultiprocessor => 2;
}
