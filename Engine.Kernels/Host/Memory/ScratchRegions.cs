namespace Engine.Kernels.Host;

/// <summary>Equal pieces of scratch memory, one per worker. Unmanaged, so that a job can carry it.</summary>
internal readonly unsafe struct ScratchRegions
{
    private readonly byte* _address;
    private readonly long _stride;

    public ScratchRegions(byte* address, long stride)
    {
        _address = address;
        _stride = stride;
    }

    /// <summary>One worker's region.</summary>
    public float* Of(int worker) => (float*)(_address + (worker * _stride));
}
