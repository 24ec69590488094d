namespace Engine.Kernels;

/// <summary>Matrix products and the column sums that belong to them.</summary>
public interface IGemmOps
{
    /// <summary>C = epilogue(op(A) op(B)); see <see cref="GemmArgs"/>.</summary>
    void Gemm(in GemmArgs args);

    /// <summary>sums[j] = sum over i of x[i, j] (+ sums[j] if <paramref name="accumulate"/>): the gradient of a bias.
    /// MN flops, 4MN bytes.</summary>
    /// <param name="x">[M, N]; rows may have gaps.</param>
    /// <param name="sums">[N].</param>
    /// <param name="accumulate">Add to <paramref name="sums"/> instead of overwriting it.</param>
    void SumRows(TensorRef x, TensorRef sums, bool accumulate = false);
}
