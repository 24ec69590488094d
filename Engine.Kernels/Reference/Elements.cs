using System;

namespace Engine.Kernels.Reference;

/// <summary>
/// Reads and writes the elements of a floating-point tensor as double, by row and column or by row-major index.
/// A write rounds once, to nearest even.
/// </summary>
internal readonly unsafe struct Elements
{
    private readonly byte* _address;
    private readonly DType _dtype;
    private readonly int _rowStride;

    public Elements(in TensorRef tensor)
    {
        if (tensor.IsNone)
        {
            return;
        }

        _address = HostAddress.Of(tensor);
        _dtype = tensor.DType.IsFloatingPoint()
            ? tensor.DType
            : throw new OperandException($"Expected a floating-point operand, found {tensor}.");
        _rowStride = tensor.RowStride;
        Rows = tensor.Rows;
        Columns = tensor.Columns;
    }

    /// <summary>False for an optional operand that is not given.</summary>
    public bool Exist => _address != null;

    public int Rows { get; }

    public int Columns { get; }

    public long Count => (long)Rows * Columns;

    public double this[int row, int column]
    {
        get => Read(((long)row * _rowStride) + column);
        set => Write(((long)row * _rowStride) + column, value);
    }

    public double this[long index]
    {
        get => this[(int)(index / Columns), (int)(index % Columns)];
        set => this[(int)(index / Columns), (int)(index % Columns)] = value;
    }

    private double Read(long position) => _dtype switch
    {
        DType.F32 => ((float*)_address)[position],
        DType.F64 => ((double*)_address)[position],
        DType.F16 => (double)((Half*)_address)[position],
        _ => DTypes.WidenBFloat16(((ushort*)_address)[position]),
    };

    private void Write(long position, double value)
    {
        switch (_dtype)
        {
            case DType.F32:
                ((float*)_address)[position] = (float)value;
                break;
            case DType.F64:
                ((double*)_address)[position] = value;
                break;
            case DType.F16:
                ((Half*)_address)[position] = (Half)value;
                break;
            default:
                ((ushort*)_address)[position] = DTypes.NarrowToBFloat16(RoundToOdd(value));
                break;
        }
    }

    /// <summary>
    /// Narrows to float32 so that a second rounding, to bfloat16, gives what a single one would: an inexact result
    /// gets an odd last bit, hence never lies halfway between two bfloat16 values.
    /// </summary>
    private static float RoundToOdd(double value)
    {
        float nearest = (float)value;
        if (nearest == value || !float.IsFinite(nearest) || (BitConverter.SingleToUInt32Bits(nearest) & 1) == 1)
        {
            return nearest;
        }

        return nearest < value ? float.BitIncrement(nearest) : float.BitDecrement(nearest);
    }
}
