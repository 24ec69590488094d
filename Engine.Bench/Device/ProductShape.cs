namespace Engine.Bench;

/// <summary>C [M, N] = op(A) op(B) with inner products of length K.</summary>
/// <param name="Name">Where it occurs.</param>
/// <param name="M">Rows of C.</param>
/// <param name="N">Columns of C.</param>
/// <param name="K">Length of the inner products.</param>
internal sealed record ProductShape(string Name, int M, int N, int K)
{
    /// <summary>Two per multiply-add.</summary>
    public double Flops => 2.0 * M * N * K;
}
