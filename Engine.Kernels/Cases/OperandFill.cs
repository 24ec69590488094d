using System;

namespace Engine.Kernels.Cases;

/// <summary>Chooses the value of one element before the op runs.</summary>
/// <param name="random">Seeded by case and operand; called in row-major order.</param>
/// <param name="row">Row of the element.</param>
/// <param name="column">Column of the element.</param>
public delegate double OperandFill(Random random, int row, int column);
