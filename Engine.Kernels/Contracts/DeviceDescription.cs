namespace Engine.Kernels;

/// <summary>Something that could compute.</summary>
/// <param name="Backend">The backend that opens it; one of <see cref="Backends.Names"/>.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="MemoryBytes">Bytes of its memory; of the processor, what this process may take.</param>
/// <param name="Version">Instruction set, architecture and driver, as far as they are known.</param>
/// <param name="Problem">Why it cannot be used; null if it can.</param>
public sealed record DeviceDescription(string Backend, string Name, long MemoryBytes, string Version, string? Problem)
{
    /// <summary>True if <see cref="Backends.Create"/> can open it.</summary>
    public bool IsUsable => Problem is null;
}
