using System;

namespace Engine.Kernels.Cases;

/// <summary>Ways to fill operands.</summary>
public static class Fills
{
    /// <summary>Normal distribution (Box and Muller, 1958).</summary>
    public static OperandFill Normal(double deviation = 1, double mean = 0) => (random, _, _) =>
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return mean + (deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
    };

    /// <summary>Uniform distribution over low to high.</summary>
    public static OperandFill Uniform(double low, double high) => (random, _, _) => low + ((high - low) * random.NextDouble());

    /// <summary>Whole numbers 0 to count - 1: ids, row indices, values with ties.</summary>
    public static OperandFill Below(int count) => (random, _, _) => random.Next(count);

    /// <summary>Labels 0 to classes - 1, every third one ignored.</summary>
    public static OperandFill Labels(int classes) =>
        (random, _, column) => column % 3 == 1 ? CrossEntropyArgs.IgnoreLabel : random.Next(classes);

    /// <summary>The given numbers one after the other, each row starting one number later.</summary>
    public static OperandFill Cycle(params double[] values) => (_, row, column) => values[(row + column) % values.Length];

    /// <summary>The same number everywhere.</summary>
    public static OperandFill Constant(double value) => (_, _, _) => value;

    /// <summary>Another fill, with zeros in every third row, the first included.</summary>
    public static OperandFill WithZeroRows(OperandFill fill) => (random, row, column) =>
    {
        double value = fill(random, row, column);
        return row % 3 == 0 ? 0 : value;
    };
}
