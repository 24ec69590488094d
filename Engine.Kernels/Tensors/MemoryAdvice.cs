using System;
using System.Runtime.InteropServices;

namespace Engine.Kernels;

/// <summary>madvise(2): hints about whole pages. A hint that is refused, or unknown to the system, changes nothing.</summary>
internal static unsafe partial class MemoryAdvice
{
    /// <summary>What huge pages cover, and the alignment they need.</summary>
    public const int HugePage = 2 << 20;

    private const int DoNotNeedAdvice = 4;
    private const int HugePageAdvice = 14;

    /// <summary>Drops pages of a read-only file mapping from the process; they are read again when they are touched.</summary>
    public static void DropPages(void* address, nuint length) => Advise(address, length, DoNotNeedAdvice);

    /// <summary>Asks for huge pages before memory is touched: matrices are walked along both axes, and with small pages every step down a
    /// column is another entry of the translation buffer.</summary>
    public static void PreferHugePages(void* address, nuint length) => Advise(address, length, HugePageAdvice);

    private static void Advise(void* address, nuint length, int advice)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = AdviseSystem(address, length, advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseSystem(void* address, nuint length, int advice);
}
