namespace Engine.Kernels;

/// <summary>Normalisations over rows.</summary>
public interface INormOps
{
    /// <summary>Layer normalisation; see <see cref="LayerNormArgs"/>.</summary>
    void LayerNorm(in LayerNormArgs args);

    /// <summary>Gradient of layer normalisation; see <see cref="LayerNormBackwardArgs"/>.</summary>
    void LayerNormBackward(in LayerNormBackwardArgs args);

    /// <summary>y = x / |x|_2 row by row; norms receives |x|_2. A row of zeros stays zero.</summary>
    /// <param name="x">[R, C].</param>
    /// <param name="y">[R, C]; may be x.</param>
    /// <param name="norms">[R].</param>
    void NormalizeRows(TensorRef x, TensorRef y, TensorRef norms);

    /// <summary>dx = (dy - y (y . dy)) / |x|_2 row by row; zero where the norm is zero.</summary>
    /// <param name="outputGradient">dL/dy [R, C].</param>
    /// <param name="y">Output of <see cref="NormalizeRows"/> [R, C].</param>
    /// <param name="norms">Norms of the forward pass [R].</param>
    /// <param name="inputGradient">Receives dL/dx [R, C]; may be outputGradient.</param>
    void NormalizeRowsBackward(TensorRef outputGradient, TensorRef y, TensorRef norms, TensorRef inputGradient);
}
