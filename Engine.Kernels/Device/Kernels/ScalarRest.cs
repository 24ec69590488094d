using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>
/// The four elements of a thread that cannot take them as a <see cref="Float4"/>: where operands are aligned, those that the last thread
/// finds of its vector; otherwise each a group's size from the next, so that neighbouring threads take neighbouring elements.
/// </summary>
internal static class ScalarRest
{
    /// <summary>The first of them.</summary>
    public static int First(int isAligned, int groupSize) =>
        isAligned != 0 ? Grid.GlobalIndex.X * Float4.Width : (Grid.IdxX * groupSize * Float4.Width) + Group.IdxX;

    /// <summary>From one to the next.</summary>
    public static int Step(int isAligned, int groupSize) => isAligned != 0 ? 1 : groupSize;
}
