using System;

namespace Engine.Fusion;

/// <summary>
/// Small dense linear program over the simplex, in float64: maximise c . w subject to A w ≥ b, w ≥ 0, Σ w = 1, with every b ≤ 0.
/// Two-phase tableau simplex with Bland's rule (Bland 1977), which cannot cycle. Rows are scaled to a largest coefficient of 1, so the
/// answer does not depend on the magnitude of A. Storage is allocated once; solving allocates nothing.
/// </summary>
/// <remarks>
/// Gram matrices of opposed gradients leave a feasible set without interior, which rounding makes empty. What is left of its rows after
/// elimination is smaller than the pivot tolerance and does not limit a step, so such programs are still solved.
/// </remarks>
public sealed class LinearProgram
{
    private const double PivotTolerance = 1e-11;

    private readonly int _variables;
    private readonly int _maxRows;
    private readonly int _stride;
    private readonly double[] _objective;
    private readonly double[] _tableau;
    private readonly double[] _reducedCost;
    private readonly int[] _basis;
    private int _rows;

    /// <summary>Reserves storage.</summary>
    /// <param name="variables">n.</param>
    /// <param name="maxRows">Most rows of A.</param>
    public LinearProgram(int variables, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(variables, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        _variables = variables;
        _maxRows = maxRows;
        _stride = variables + maxRows + 2;
        _objective = new double[variables];
        _tableau = new double[(maxRows + 1) * _stride];
        _reducedCost = new double[variables + maxRows + 1];
        _basis = new int[maxRows + 1];
        Begin(_objective);
    }

    // Columns: n variables, the slack of Σ w ≤ 1 (basic until phase one ends), the slacks of the rows, the right-hand side.
    private int Columns => _variables + 1 + _rows;

    private int RightHandSide => _stride - 1;

    /// <summary>Starts a new program with the given objective and no rows.</summary>
    /// <param name="objective">c [n].</param>
    public void Begin(ReadOnlySpan<double> objective)
    {
        if (objective.Length != _variables)
        {
            throw new ArgumentException($"The objective has {_variables} coefficients, found {objective.Length}.", nameof(objective));
        }

        objective.CopyTo(_objective);
        _rows = 0;
        Span<double> first = _tableau.AsSpan(0, _stride);
        first.Clear();
        first[..(_variables + 1)].Fill(1);
        first[RightHandSide] = 1;
        _basis[0] = _variables;
    }

    /// <summary>Adds the row a . w ≥ b.</summary>
    /// <param name="coefficients">a [n].</param>
    /// <param name="bound">b ≤ 0.</param>
    public void AddRow(ReadOnlySpan<double> coefficients, double bound)
    {
        if (coefficients.Length != _variables)
        {
            throw new ArgumentException($"A row has {_variables} coefficients, found {coefficients.Length}.", nameof(coefficients));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(bound, 0);
        if (_rows == _maxRows)
        {
            throw new InvalidOperationException($"The program has room for {_maxRows} rows.");
        }

        _rows++;
        Span<double> row = _tableau.AsSpan(_rows * _stride, _stride);
        row.Clear();
        double largest = LargestMagnitude(coefficients);
        double scale = largest > 0 ? 1 / largest : 1;
        for (int i = 0; i < _variables; i++)
        {
            row[i] = -coefficients[i] * scale;
        }

        row[_variables + _rows] = 1;
        row[RightHandSide] = -bound * scale;
        _basis[_rows] = _variables + _rows;
    }

    /// <summary>Solves the program. The rows are used up: call <see cref="Begin"/> before the next one.</summary>
    /// <param name="solution">Receives w [n], on the simplex.</param>
    /// <returns>False if no point of the simplex satisfies the rows; the solution is then left alone.</returns>
    public bool TrySolve(Span<double> solution)
    {
        if (solution.Length != _variables)
        {
            throw new ArgumentException($"The solution has {_variables} entries, found {solution.Length}.", nameof(solution));
        }

        // Phase one maximises Σ w from w = 0 until the bound of 1 is reached.
        _reducedCost.AsSpan().Clear();
        _reducedCost.AsSpan(0, _variables).Fill(1);
        if (!Maximise(untilSimplex: true))
        {
            return false;
        }

        LoadReducedCost();
        Maximise(untilSimplex: false);
        ReadSolution(solution);
        return true;
    }

    private static double LargestMagnitude(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary>Pivots until no reduced cost is positive or, in phase one, the slack of Σ w ≤ 1 has left the basis.</summary>
    private bool Maximise(bool untilSimplex)
    {
        int limit = 100 * (_variables + _rows + 1);
        for (int iteration = 0; iteration < limit; iteration++)
        {
            int entering = Entering();
            if (entering < 0)
            {
                return !untilSimplex;
            }

            int leaving = Leaving(entering);
            bool reached = leaving == 0 && untilSimplex;
            Pivot(leaving, entering);
            if (reached)
            {
                return true;
            }
        }

        return !untilSimplex;
    }

    /// <summary>Bland: the first column that improves. The slack of Σ w ≤ 1 never comes back.</summary>
    private int Entering()
    {
        for (int column = 0; column < Columns; column++)
        {
            if (column != _variables && _reducedCost[column] > PivotTolerance)
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>
    /// The row that limits the entering column most; of equals the one whose basic column comes first (Bland), but the simplex row before
    /// all others. There is always one, since the simplex is bounded.
    /// </summary>
    private int Leaving(int entering)
    {
        int leaving = -1;
        double smallest = double.PositiveInfinity;
        for (int row = 0; row <= _rows; row++)
        {
            double coefficient = _tableau[(row * _stride) + entering];
            if (coefficient <= PivotTolerance)
            {
                continue;
            }

            double ratio = Math.Max(_tableau[(row * _stride) + RightHandSide], 0) / coefficient;
            bool first = leaving < 0 || (_basis[leaving] != _variables && _basis[row] < _basis[leaving]);
            if (ratio < smallest || (ratio == smallest && first))
            {
                smallest = ratio;
                leaving = row;
            }
        }

        return leaving >= 0 ? leaving : throw new InvalidOperationException("The linear program is unbounded: a coefficient is no number.");
    }

    private void Pivot(int leaving, int entering)
    {
        Span<double> pivotRow = _tableau.AsSpan(leaving * _stride, _stride);
        double inverse = 1 / pivotRow[entering];
        for (int i = 0; i < pivotRow.Length; i++)
        {
            pivotRow[i] *= inverse;
        }

        pivotRow[entering] = 1;
        for (int row = 0; row <= _rows; row++)
        {
            if (row != leaving)
            {
                Eliminate(pivotRow, _tableau.AsSpan(row * _stride, _stride), entering);
            }
        }

        Eliminate(pivotRow[..Columns], _reducedCost.AsSpan(0, Columns), entering);
        _basis[leaving] = entering;
    }

    private static void Eliminate(ReadOnlySpan<double> pivotRow, Span<double> target, int entering)
    {
        double factor = target[entering];
        if (factor == 0)
        {
            return;
        }

        for (int i = 0; i < target.Length; i++)
        {
            target[i] -= factor * pivotRow[i];
        }

        target[entering] = 0;
    }

    /// <summary>Phase two: c scaled to a largest coefficient of 1, less what the basis already earns.</summary>
    private void LoadReducedCost()
    {
        double largest = LargestMagnitude(_objective);
        double scale = largest > 0 ? 1 / largest : 1;
        _reducedCost.AsSpan().Clear();
        for (int i = 0; i < _variables; i++)
        {
            _reducedCost[i] = _objective[i] * scale;
        }

        for (int row = 0; row <= _rows; row++)
        {
            Eliminate(_tableau.AsSpan(row * _stride, Columns), _reducedCost.AsSpan(0, Columns), _basis[row]);
        }
    }

    private void ReadSolution(Span<double> solution)
    {
        solution.Clear();
        double sum = 0;
        for (int row = 0; row <= _rows; row++)
        {
            if (_basis[row] < _variables)
            {
                double value = Math.Max(_tableau[(row * _stride) + RightHandSide], 0);
                solution[_basis[row]] = value;
                sum += value;
            }
        }

        for (int i = 0; i < solution.Length; i++)
        {
            solution[i] /= sum;
        }
    }
}
