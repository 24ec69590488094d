namespace Engine.Kernels.Device;

/// <summary>Heads of 65 to 128 numbers.</summary>
internal readonly struct WideHead : IHeadWidth
{
    public static int Chunks => 2;

    public static int GroupsPerMultiprocessor => 1;
}
