using System;
using Engine.Kernels.Reference;

namespace Engine.Kernels.Cases;

/// <summary>
/// The memory of a case on this machine. Everything around the elements holds a pattern: NaN around inputs, so that reading it spoils
/// the result; a large number around outputs, so that adding to it shows.
/// </summary>
internal sealed unsafe class CaseImage : IDisposable
{
    private const byte NotANumber = 0xFF;
    private const byte LargeNumber = 0x4B;

    private readonly NativeBuffer _buffer;

    private CaseImage(OpCase opCase, DType computeType)
    {
        Case = opCase;
        ComputeType = computeType;
        Layout = new CaseLayout(opCase, computeType);
        _buffer = new NativeBuffer(opCase.ToString(), Layout.ByteLength);
        Operands = Layout.Bind(_buffer, 0);
    }

    public OpCase Case { get; }

    public DType ComputeType { get; }

    public CaseLayout Layout { get; }

    public CaseOperands Operands { get; }

    /// <summary>The whole block.</summary>
    public Span<byte> Bytes => new(_buffer.Address, Layout.ByteLength);

    /// <summary>The operands as the op finds them; the same values for every compute type, but for rounding.</summary>
    public static CaseImage Create(OpCase opCase, DType computeType)
    {
        CaseImage image = new(opCase, computeType);
        image.Bytes.Fill(NotANumber);
        for (int i = 0; i < opCase.Operands.Count; i++)
        {
            image.FillOperand(i);
        }

        if (opCase.Forward is not null && !opCase.IsLarge)
        {
            image.FillFromForwardPass(opCase.Forward);
        }

        return image;
    }

    /// <summary>Another image of the same block.</summary>
    public CaseImage Clone()
    {
        CaseImage clone = new(Case, ComputeType);
        Bytes.CopyTo(clone.Bytes);
        return clone;
    }

    /// <summary>The elements of one row of an operand.</summary>
    public Span<byte> Row(int operand, int row)
    {
        TensorRef tensor = Operands.At(operand);
        int size = tensor.DType.SizeInBytes();
        return new Span<byte>(_buffer.Address + tensor.ByteOffset + ((long)row * tensor.RowStride * size), tensor.Columns * size);
    }

    /// <summary>One element of an operand.</summary>
    public double Value(int operand, int row, int column)
    {
        TensorRef tensor = Operands.At(operand);
        return tensor.DType switch
        {
            DType.I32 => new Indices(tensor)[((long)row * tensor.RowStride) + column],
            DType.U8 => Row(operand, row)[column],
            _ => new Elements(tensor)[row, column],
        };
    }

    public void Dispose() => _buffer.Dispose();

    private void FillOperand(int index)
    {
        OperandSpec operand = Case.Operands[index];
        if (operand.Role != OperandRole.In)
        {
            MarkSurroundings(index);
        }

        if (operand.Fill is null)
        {
            return;
        }

        Random random = new(Seed(Case.ToString() + operand.Name));
        for (int row = 0; row < operand.Shape.Rows; row++)
        {
            for (int column = 0; column < operand.Shape.Columns; column++)
            {
                SetValue(index, row, column, operand.Fill(random, row, column));
            }
        }
    }

    /// <summary>Writes the large number before the operand, between its rows and behind it, leaving NaN in its elements.</summary>
    private void MarkSurroundings(int index)
    {
        TensorRef tensor = Operands.At(index);
        int size = tensor.DType.SizeInBytes();
        int elements = checked(tensor.Rows * tensor.RowStride * size);
        int guard = NativeBuffer.Alignment;
        Bytes.Slice((int)tensor.ByteOffset - guard, elements + (2 * guard)).Fill(LargeNumber);
        for (int row = 0; row < tensor.Rows; row++)
        {
            Row(index, row).Fill(NotANumber);
        }
    }

    private void SetValue(int operand, int row, int column, double value)
    {
        TensorRef tensor = Operands.At(operand);
        switch (tensor.DType)
        {
            case DType.I32:
                Indices indices = new(tensor);
                indices[((long)row * tensor.RowStride) + column] = (int)value;
                break;
            case DType.U8:
                Row(operand, row)[column] = (byte)value;
                break;
            default:
                Elements elements = new(tensor);
                elements[row, column] = Case.Operands[operand].Stored is null ? (float)value : value;
                break;
        }
    }

    private void FillFromForwardPass(OpCall forward)
    {
        using ReferenceBackend reference = new(DType.F64);
        if (ComputeType == DType.F64)
        {
            forward(reference, Operands);
            return;
        }

        using CaseImage exact = Create(Case, DType.F64);
        for (int i = 0; i < Case.Operands.Count; i++)
        {
            if (Case.Operands[i] is { Role: OperandRole.In, Fill: null })
            {
                reference.Copy(exact.Operands.At(i), Operands.At(i));
            }
        }
    }

    /// <summary>FNV-1a, because string hash codes differ from run to run.</summary>
    private static int Seed(string text)
    {
        uint hash = 2166136261;
        foreach (char letter in text)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)hash;
    }
}
