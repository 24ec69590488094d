using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// The linear layer from C to 3C that gives queries, keys and values, side by side: one product for all of them where all R rows go on.
/// Otherwise keys and values of all rows, and queries of the G rows that go on, which lie in the first G rows.
/// </summary>
internal sealed class QueryKeyValueLayer
{
    private readonly Linear _query;
    private readonly Linear _keyValue;
    private readonly int _width;

    /// <summary>Takes the layer apart.</summary>
    /// <param name="packed">From C to 3C.</param>
    public QueryKeyValueLayer(Linear packed)
    {
        _width = packed.Inputs;
        Packed = packed;
        _query = packed.Part(0, _width);
        _keyValue = packed.Part(_width, 2 * _width);
    }

    /// <summary>The whole layer.</summary>
    public Linear Packed { get; }

    /// <summary>The queries [G, C] in a tensor of queries, keys and values, or in its gradient.</summary>
    /// <param name="packed">[R, 3C].</param>
    /// <param name="rows">The rows that go on.</param>
    public TensorRef Queries(TensorRef packed, in BlockRows rows) => packed.SliceColumns(0, _width).SliceRows(0, rows.Scratch.Rows);

    /// <summary>Computes queries, keys and values.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="parameters">The backbone's parameters.</param>
    /// <param name="normed">[R, C].</param>
    /// <param name="rows">The rows that go on.</param>
    /// <param name="packed">Receives the result [R, 3C].</param>
    public void Forward(IBackend backend, ParameterSet parameters, TensorRef normed, in BlockRows rows, TensorRef packed)
    {
        if (rows.AreAll)
        {
            backend.Gemm(Packed.Forward(parameters, normed, packed));
            return;
        }

        TensorRef asking = rows.Of(backend, normed, rows.Scratch.Width);
        backend.Gemm(_query.Forward(parameters, asking, Queries(packed, rows)));
        backend.Gemm(_keyValue.Forward(parameters, normed, KeysAndValues(packed)));
    }

    /// <summary>Computes the gradients of weight and bias, as far as they are asked for.</summary>
    /// <param name="pass">Backend and gradients.</param>
    /// <param name="normed">[R, C].</param>
    /// <param name="rows">The rows that go on.</param>
    /// <param name="packedGradient">Of queries, keys and values [R, 3C].</param>
    public void WeightGradient(in BackwardPass pass, TensorRef normed, in BlockRows rows, TensorRef packedGradient)
    {
        if (rows.AreAll)
        {
            Packed.WeightGradient(pass.Backend, pass.Gradients, normed, packedGradient, pass.Accumulate);
            return;
        }

        TensorRef asking = rows.Of(pass.Backend, normed, rows.Scratch.Width);
        _query.WeightGradient(pass.Backend, pass.Gradients, asking, Queries(packedGradient, rows), pass.Accumulate);
        _keyValue.WeightGradient(pass.Backend, pass.Gradients, normed, KeysAndValues(packedGradient), pass.Accumulate);
    }

    /// <summary>Computes the gradient of the input.</summary>
    /// <param name="pass">Backend and parameters.</param>
    /// <param name="packedGradient">Of queries, keys and values [R, 3C].</param>
    /// <param name="rows">The rows that go on.</param>
    /// <param name="normedGradient">Receives the result [R, C].</param>
    public void InputGradient(in BackwardPass pass, TensorRef packedGradient, in BlockRows rows, TensorRef normedGradient)
    {
        if (rows.AreAll)
        {
            pass.Backend.Gemm(Packed.InputGradient(pass.Parameters, packedGradient, normedGradient));
            return;
        }

        pass.Backend.Gemm(_query.InputGradient(pass.Parameters, Queries(packedGradient, rows), rows.Scratch.Width));
        pass.Backend.ScatterRows(rows.Scratch.Width, rows.Selected, normedGradient);
        pass.Backend.Gemm(_keyValue.InputGradient(pass.Parameters, KeysAndValues(packedGradient), normedGradient) with
        {
            Accumulate = true,
        });
    }

    private TensorRef KeysAndValues(TensorRef packed) => packed.SliceColumns(_width, 2 * _width);
}
