using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Reference;

namespace Engine.Kernels.Cases;

/// <summary>
/// Checks backward ops against central differences of L = sum(output * outputGradient), in F64 on the reference backend.
/// </summary>
public static class GradientCheck
{
    /// <summary>The truncation error falls with its square, the rounding error grows with its inverse: both are near 1e-10 here.</summary>
    private const double Step = 1e-5;

    /// <summary>Elements checked per operand, spread evenly.</summary>
    private const int MaximumElements = 64;

    /// <summary>Checks all of <see cref="OpCase.InputGradients"/>.</summary>
    /// <exception cref="ArgumentException">The case names no gradients.</exception>
    public static CaseResult Check(OpCase opCase)
    {
        ArgumentNullException.ThrowIfNull(opCase);
        if (opCase.Forward is null || opCase.OutputGradient is null || opCase.InputGradients.Count == 0)
        {
            throw new ArgumentException($"The case {opCase} does not say which gradients it computes.", nameof(opCase));
        }

        using ReferenceBackend reference = new(DType.F64);
        using CaseImage before = CaseImage.Create(opCase, DType.F64);
        using CaseImage after = before.Clone();
        opCase.Call(reference, after.Operands);
        List<OperandError> errors = [.. opCase.InputGradients.Select(pair => Check(pair, reference, before, after))];
        return new CaseResult(opCase, errors, StrayWrite: null);
    }

    private static OperandError Check(GradientPair pair, ReferenceBackend reference, CaseImage before, CaseImage after)
    {
        using CaseImage probe = before.Clone();
        int gradient = before.Operands.IndexOf(pair.Gradient);
        bool accumulated = before.Case.Operands[gradient].Role == OperandRole.InOut;
        int columns = before.Operands[pair.Operand].Columns;
        long elements = before.Operands[pair.Operand].ElementCount;
        long stride = Math.Max(1, elements / MaximumElements);
        OperandComparison comparison = new();
        for (long element = 0; element < elements; element += stride)
        {
            int row = (int)(element / columns);
            int column = (int)(element % columns);
            double computed = after.Value(gradient, row, column) - (accumulated ? before.Value(gradient, row, column) : 0);
            comparison.Add(row, column, Difference(pair.Operand, row, column, reference, probe), computed);
        }

        return comparison.ToError(pair.Gradient, Tolerance.Gradient);
    }

    /// <summary>(L(x + step) - L(x - step)) / (2 step) for one element of one operand.</summary>
    private static double Difference(string operand, int row, int column, ReferenceBackend reference, CaseImage probe)
    {
        Elements elements = new(probe.Operands[operand]);
        double value = elements[row, column];
        double above = value + Step;
        double below = value - Step;
        elements[row, column] = above;
        double lossAbove = Loss(reference, probe);
        elements[row, column] = below;
        double lossBelow = Loss(reference, probe);
        elements[row, column] = value;
        return (lossAbove - lossBelow) / (above - below);
    }

    private static double Loss(ReferenceBackend reference, CaseImage probe)
    {
        probe.Case.Forward!(reference, probe.Operands);
        Elements output = new(probe.Operands[probe.Case.OutputGradient!.Operand]);
        Elements weight = new(probe.Operands[probe.Case.OutputGradient.Gradient]);
        double sum = 0;
        for (long i = 0; i < output.Count; i++)
        {
            sum += output[i] * weight[i];
        }

        return sum;
    }
}
