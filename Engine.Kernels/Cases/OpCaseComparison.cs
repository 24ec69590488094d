using System;
using System.Collections.Generic;
using Engine.Kernels.Reference;

namespace Engine.Kernels.Cases;

/// <summary>Runs cases on a backend and compares what it writes with what another one writes.</summary>
public static class OpCaseComparison
{
    /// <summary>Compares a backend with the reference that has the same compute type and rounds operands of products in the same way, and
    /// looks for writes outside the outputs.</summary>
    public static CaseResult WithReference(OpCase opCase, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        using ReferenceBackend reference = new(backend.Info.ComputeType, backend.Info.Precision);
        return Between(opCase, backend, reference);
    }

    /// <summary>Compares a backend with another one, whose compute type may differ, with the tolerance of the first one's dtypes.</summary>
    public static CaseResult Between(OpCase opCase, IBackend backend, IBackend expectedFrom)
    {
        ArgumentNullException.ThrowIfNull(opCase);
        ArgumentNullException.ThrowIfNull(expectedFrom);
        using PreparedCase run = new(opCase, backend);
        run.Run();
        using CaseImage actual = run.Download();
        using PreparedCase expectedRun = new(opCase, expectedFrom);
        expectedRun.Run();
        using CaseImage expected = expectedRun.Download();
        List<OperandError> errors = [];
        for (int i = 0; i < opCase.Operands.Count; i++)
        {
            if (opCase.Operands[i].Role != OperandRole.In)
            {
                errors.Add(Compare(i, expected, actual, backend.Info.Precision));
            }
        }

        return new CaseResult(opCase, errors, FindStrayWrite(run.Initial, actual));
    }

    /// <summary>Runs a case on two backends of the same compute type and compares every bit.</summary>
    /// <returns>Null if there is no difference, else the first operand that differs.</returns>
    public static string? FindBitDifference(OpCase opCase, IBackend first, IBackend second)
    {
        using PreparedCase firstRun = new(opCase, first);
        using PreparedCase secondRun = new(opCase, second);
        firstRun.Run();
        secondRun.Run();
        using CaseImage left = firstRun.Download();
        using CaseImage right = secondRun.Download();
        int position = left.Bytes.CommonPrefixLength(right.Bytes);
        return position == left.Bytes.Length ? null : $"{opCase}: the bits of '{left.Layout.OwnerOf(position).Name}' differ";
    }

    private static OperandError Compare(int operand, CaseImage expected, CaseImage actual, Precision precision)
    {
        TensorRef tensor = actual.Operands.At(operand);
        OperandComparison comparison = new();
        for (int row = 0; row < tensor.Rows; row++)
        {
            for (int column = 0; column < tensor.Columns; column++)
            {
                comparison.Add(row, column, expected.Value(operand, row, column), actual.Value(operand, row, column));
            }
        }

        double tolerance = actual.Case.RoundsResults
            ? Tolerance.OfRoundedResults(tensor.DType, precision)
            : Tolerance.For(tensor.DType);
        return comparison.ToError(tensor.Name!, tolerance);
    }

    /// <summary>Puts the old elements back into all outputs: whatever still differs should not have been written.</summary>
    private static string? FindStrayWrite(CaseImage before, CaseImage after)
    {
        using CaseImage restored = after.Clone();
        for (int i = 0; i < before.Case.Operands.Count; i++)
        {
            OperandSpec operand = before.Case.Operands[i];
            for (int row = 0; operand.Role != OperandRole.In && row < operand.Shape.Rows; row++)
            {
                before.Row(i, row).CopyTo(restored.Row(i, row));
            }
        }

        int position = before.Bytes.CommonPrefixLength(restored.Bytes);
        if (position == before.Bytes.Length)
        {
            return null;
        }

        OperandSpec owner = before.Layout.OwnerOf(position);
        long offset = position - before.Operands[owner.Name].ByteOffset;
        return $"wrote to byte {offset} of '{owner.Name}' ({owner.Role}), where it may not write";
    }
}
