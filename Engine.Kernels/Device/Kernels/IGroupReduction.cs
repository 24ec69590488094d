namespace Engine.Kernels.Device;

/// <summary>Reductions over the threads of a group of <see cref="GroupReduction.Threads"/>; every thread gets the result. Orders are
/// fixed, so
/// that results are equal to the bit from run to run. All threads of a group must call them together.</summary>
internal interface IGroupReduction
{
    /// <summary>Sum over the group.</summary>
    static abstract float Sum(float value);

    /// <summary>Largest value of the group.</summary>
    static abstract float Max(float value);
}
