using System.Runtime.InteropServices;

namespace Engine.Models;

/// <summary>madvise(2): hints about mapped memory. A hint that is refused changes nothing.</summary>
internal static unsafe partial class MemoryAdvice
{
    /// <summary>MADV_DONTNEED: on a read-only file mapping, drops the pages from the process and nothing else.</summary>
    public const int DoNotNeed = 4;

    /// <summary>Gives a hint about whole pages.</summary>
    /// <returns>0 if it was taken.</returns>
    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(void* address, nuint length, int advice);
}
