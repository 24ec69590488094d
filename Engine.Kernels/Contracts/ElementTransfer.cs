using System;

namespace Engine.Kernels;

/// <summary>What uploads and downloads check in common.</summary>
internal static class ElementTransfer
{
    /// <summary>Checks that a span of elements of type T fits a tensor.</summary>
    /// <exception cref="OperandException">Count or type differ.</exception>
    public static void Check<T>(string op, int elements, in TensorRef tensor)
        where T : unmanaged
    {
        DType element = DTypeOf<T>(tensor.DType);
        bool floats = element is DType.F32 or DType.F64 && tensor.DType is DType.F32 or DType.F64;
        if (element != tensor.DType && !floats)
        {
            throw new OperandException($"{op}: operand {tensor} does not hold elements of type {typeof(T).Name}.");
        }

        if (elements != tensor.ElementCount)
        {
            throw new OperandException($"{op}: operand {tensor} has {tensor.ElementCount} elements, found {elements} in the span.");
        }
    }

    /// <summary>The dtype of a C# element type: the tensor's own where several share one (ushort: BF16, F16 or U16; byte: U8 or Bool).
    /// </summary>
    public static DType DTypeOf<T>(DType tensor)
        where T : unmanaged => true switch
    {
        _ when typeof(T) == typeof(float) => DType.F32,
        _ when typeof(T) == typeof(double) => DType.F64,
        _ when typeof(T) == typeof(int) => DType.I32,
        _ when typeof(T) == typeof(long) => DType.I64,
        _ when typeof(T) == typeof(byte) => tensor == DType.Bool ? DType.Bool : DType.U8,
        _ when typeof(T) == typeof(Half) => DType.F16,
        _ when typeof(T) == typeof(ushort) => tensor is DType.U16 or DType.F16 ? tensor : DType.BF16,
        _ => throw new OperandException($"There is no tensor of elements of type {typeof(T).Name}."),
    };

    /// <summary>Checks the operands of a copy.</summary>
    /// <exception cref="OperandException">Sizes differ, or the types cannot be converted.</exception>
    public static void CheckCopy(in TensorRef source, in TensorRef destination)
    {
        bool convertible = source.DType == destination.DType || (source.DType.IsFloatingPoint() && destination.DType.IsFloatingPoint());
        if (!convertible)
        {
            throw new OperandException($"Copy: operand 'source' {source} cannot be converted to 'destination' {destination}.");
        }

        if (source.Rows != destination.Rows || source.Columns != destination.Columns)
        {
            throw new OperandException(
                $"Copy: operand 'source' {source}: expected [{destination.Rows}, {destination.Columns}], the size of {destination}.");
        }
    }
}
