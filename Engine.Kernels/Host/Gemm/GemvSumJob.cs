namespace Engine.Kernels.Host;

/// <summary>Adds partial sums [parts, M, N] in order into the first and applies the epilogue. Bytes: 4 M N (parts + 1), in cache.</summary>
internal unsafe struct GemvSumJob<TIsa, TVector> : ITileJob
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : unmanaged
{
    private GemmOperands _operands;
    private float* _partial;
    private int _parts;

    /// <param name="operands">The product.</param>
    /// <param name="partial">[parts, M, N]; overwritten.</param>
    /// <param name="parts">Number of parts.</param>
    public GemvSumJob(in GemmOperands operands, float* partial, int parts)
    {
        _operands = operands;
        _partial = partial;
        _parts = parts;
    }

    public readonly void Execute(int tile, int worker)
    {
        int count = _operands.M * _operands.N;
        for (int part = 1; part < _parts; part++)
        {
            GemvKernel<TIsa, TVector, Float32Storage>.AddScaled(_partial, 1, (byte*)(_partial + ((nint)part * count)), count);
        }

        EpilogueKernel<TIsa, TVector>.Apply(_operands.Epilogue, 0, 0, _partial, _operands.N, _operands.M, _operands.N);
    }
}
