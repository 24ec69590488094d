namespace Engine.Kernels;

/// <summary>Losses with their gradients.</summary>
public interface ILossOps
{
    /// <summary>Softmax cross-entropy; see <see cref="CrossEntropyArgs"/>.</summary>
    void CrossEntropy(in CrossEntropyArgs args);

    /// <summary>loss[i] = (prediction[i] - target[i])^2; gradient[i] = gradientScale * 2 (prediction[i] - target[i]).</summary>
    /// <param name="predictions">[R].</param>
    /// <param name="targets">[R].</param>
    /// <param name="losses">Receives the losses [R].</param>
    /// <param name="gradient">Optional [R]; may be predictions.</param>
    /// <param name="gradientScale">Factor of the gradient, for example 1 / R.</param>
    void SquaredError(TensorRef predictions, TensorRef targets, TensorRef losses, TensorRef gradient, double gradientScale);

    /// <summary>indices[i] = the column of the largest entry of row i, the first one if there are several.</summary>
    /// <param name="x">[R, V].</param>
    /// <param name="indices">I32 [R].</param>
    void ArgMax(TensorRef x, TensorRef indices);
}
