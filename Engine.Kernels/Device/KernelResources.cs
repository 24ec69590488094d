namespace Engine.Kernels.Device;

/// <summary>What the driver's compiler made of a kernel.</summary>
/// <param name="Registers">Per thread.</param>
/// <param name="LocalBytes">Of memory per thread: what did not fit into registers, and arrays.</param>
/// <param name="SharedBytes">Of static shared memory per group.</param>
/// <param name="MaxThreads">Threads that a group can have with so many registers.</param>
internal readonly record struct KernelResources(int Registers, int LocalBytes, int SharedBytes, int MaxThreads);
