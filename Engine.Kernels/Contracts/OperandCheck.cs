using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Engine.Kernels;

/// <summary>Checks the operands of one op call; allocates only when something is wrong.</summary>
internal readonly struct OperandCheck
{
    private readonly string _op;
    private readonly DType _compute;

    /// <param name="op">Name of the op, for messages.</param>
    /// <param name="compute">Dtype that all floating-point operands must share.</param>
    public OperandCheck(string op, DType compute)
    {
        _op = op;
        _compute = compute;
        if (compute is not (DType.F32 or DType.F64))
        {
            Fail($"computes in F32 or F64, found {compute}");
        }
    }

    public void Matrix(string operand, in TensorRef tensor, int rows, int columns)
    {
        Typed(operand, tensor, _compute);
        Sized(operand, tensor, rows, columns);
    }

    /// <summary>A matrix that is only read, and may be stored in BF16.</summary>
    public void StoredMatrix(string operand, in TensorRef tensor, int rows, int columns)
    {
        if (!tensor.IsNone && tensor.DType != DType.BF16 && tensor.DType != _compute)
        {
            Fail($"operand '{operand}' {tensor}: expected dtype {_compute} or BF16");
        }

        Typed(operand, tensor, tensor.DType);
        Sized(operand, tensor, rows, columns);
    }

    public void OptionalMatrix(string operand, in TensorRef tensor, int rows, int columns)
    {
        if (!tensor.IsNone)
        {
            Matrix(operand, tensor, rows, columns);
        }
    }

    public void Vector(string operand, in TensorRef tensor, int length) => Vector(operand, tensor, _compute, length);

    public void Vector(string operand, in TensorRef tensor, DType dtype, int length)
    {
        Typed(operand, tensor, dtype);
        if (tensor.ElementCount != length || !tensor.IsContiguous)
        {
            FailShape(operand, tensor, $"[{length}]");
        }
    }

    public void OptionalVector(string operand, in TensorRef tensor, int length)
    {
        if (!tensor.IsNone)
        {
            Vector(operand, tensor, length);
        }
    }

    public void Contiguous(string operand, in TensorRef tensor)
    {
        if (!tensor.IsNone && !tensor.IsContiguous)
        {
            Fail($"operand '{operand}' {tensor} must be contiguous, its row stride is {tensor.RowStride}");
        }
    }

    public void SameElements(string operand, in TensorRef tensor, long elements)
    {
        Typed(operand, tensor, _compute);
        Contiguous(operand, tensor);
        if (tensor.ElementCount != elements)
        {
            FailShape(operand, tensor, $"{elements} elements");
        }
    }

    public void Typed(string operand, in TensorRef tensor, DType dtype)
    {
        if (tensor.IsNone)
        {
            Fail($"operand '{operand}' is missing");
        }

        if (tensor.DType != dtype)
        {
            Fail($"operand '{operand}' {tensor}: expected dtype {dtype}");
        }
    }

    public void That([DoesNotReturnIf(false)] bool condition, string expectation)
    {
        if (!condition)
        {
            Fail(expectation);
        }
    }

    private void Sized(string operand, in TensorRef tensor, int rows, int columns)
    {
        if (tensor.Rows != rows || tensor.Columns != columns)
        {
            FailShape(operand, tensor, $"[{rows}, {columns}]");
        }
    }

    [DoesNotReturn]
    [StackTraceHidden]
    private void FailShape(string operand, in TensorRef tensor, string expected) =>
        Fail($"operand '{operand}' {tensor}: expected {expected}");

    [DoesNotReturn]
    [StackTraceHidden]
    private void Fail(string problem) => throw new OperandException($"{_op}: {problem}.");
}
