using System;

namespace Engine.Kernels.Cases;

/// <summary>Collects the worst element of one operand.</summary>
internal struct OperandComparison
{
    private double _difference;
    private double _scale;
    private int _row;
    private int _column;
    private double _expected;
    private double _actual;

    public OperandComparison() => _difference = -1;

    public void Add(int row, int column, double expected, double actual)
    {
        bool same = expected.Equals(actual) || expected == actual;
        double difference = same ? 0 : Math.Abs(expected - actual);
        difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
        if (difference > _difference)
        {
            (_difference, _row, _column, _expected, _actual) = (difference, row, column, expected, actual);
        }

        if (double.IsFinite(expected))
        {
            _scale = Math.Max(_scale, Math.Abs(expected));
        }
    }

    /// <summary>The worst element; any difference is infinite where only equality passes.</summary>
    public readonly OperandError ToError(string operand, double tolerance)
    {
        double error = _difference <= 0 ? 0
            : tolerance == 0 ? double.PositiveInfinity
            : _difference / Math.Max(_scale, Tolerance.SmallestScale);
        return new OperandError(operand, error, tolerance, _row, _column, _expected, _actual);
    }
}
