namespace Engine.PtxInterpreter;


/// <summary>Where the shared and local spaces lie in generic addresses: above every address that a process can have.</summary>
internal static class GenericWindow
{
    /// <summary>The first address of the shared space.</summary>
    public const ulong Shared = 0x0100_0000_0000_0000;

    /// <summary>The first address of the local space.</summary>
    public const ulong Local = Shared + Size;

    private const ulong Size = 1UL << 32;

    /// <summary>The space of a generic address, which becomes one in that space.</summary>
    public static StateSpace Resolve(ref ulong address)
    {
        if (address - Shared < Size)
        {
            address -= Shared;
            return StateSpace.Shared;
        }

        if (address - Local < Size)
        {
            address -= Local;
            return StateSpace.Local;
        }

        return StateSpace.Global;
    }
}
