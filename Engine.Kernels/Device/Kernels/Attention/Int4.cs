namespace Engine.Kernels.Device;

/// <summary>Four whole numbers, for example the positions of a thread's four keys.</summary>
internal struct Int4
{
    public int X;
    public int Y;
    public int Z;
    public int W;

    public Int4(int x, int y, int z, int w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    /// <summary>Four times the same.</summary>
    public static Int4 Broadcast(int value) => new(value, value, value, value);
}
