using System;

namespace Engine.Kernels.Reference;

/// <content>Losses.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void CrossEntropy(in CrossEntropyArgs args)
    {
        args.Validate();
        Elements logits = new(args.Logits);
        Elements losses = new(args.Losses);
        Elements gradient = new(args.Gradient);
        Indices labels = new(args.Labels);
        for (int i = 0; i < logits.Rows; i++)
        {
            bool counts = labels[i] != CrossEntropyArgs.IgnoreLabel;
            int label = counts ? labels.Below(logits.Columns, i) : -1;
            double logSumExp = LogSumExp(logits, i);
            losses[i] = counts ? logSumExp - logits[i, label] : 0;
            for (int j = 0; gradient.Exist && j < logits.Columns; j++)
            {
                double probability = Math.Exp(logits[i, j] - logSumExp);
                gradient[i, j] = counts ? args.GradientScale * (probability - (j == label ? 1 : 0)) : 0;
            }
        }
    }

    /// <inheritdoc/>
    public void SquaredError(TensorRef predictions, TensorRef targets, TensorRef losses, TensorRef gradient, double gradientScale)
    {
        OperandCheck check = new("SquaredError", predictions.DType);
        int count = checked((int)predictions.ElementCount);
        check.Vector(nameof(predictions), predictions, count);
        check.Vector(nameof(targets), targets, count);
        check.Vector(nameof(losses), losses, count);
        check.OptionalVector(nameof(gradient), gradient, count);
        Elements prediction = new(predictions);
        Elements target = new(targets);
        Elements loss = new(losses);
        Elements dPrediction = new(gradient);
        for (int i = 0; i < count; i++)
        {
            double difference = prediction[i] - target[i];
            loss[i] = difference * difference;
            if (dPrediction.Exist)
            {
                dPrediction[i] = gradientScale * 2 * difference;
            }
        }
    }

    /// <inheritdoc/>
    public void ArgMax(TensorRef x, TensorRef indices)
    {
        OperandCheck check = new("ArgMax", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Vector(nameof(indices), indices, DType.I32, x.Rows);
        Elements input = new(x);
        Indices output = new(indices);
        for (int i = 0; i < input.Rows; i++)
        {
            int best = 0;
            for (int j = 1; j < input.Columns; j++)
            {
                best = input[i, j] > input[i, best] ? j : best;
            }

            output[i] = best;
        }
    }

    /// <summary>ln sum_j exp(x[row, j]), the maximum taken out so that nothing overflows.</summary>
    private static double LogSumExp(Elements x, int row)
    {
        double maximum = double.NegativeInfinity;
        for (int j = 0; j < x.Columns; j++)
        {
            maximum = Math.Max(maximum, x[row, j]);
        }

        double sum = 0;
        for (int j = 0; j < x.Columns; j++)
        {
            sum += Math.Exp(x[row, j] - maximum);
        }

        return maximum + Math.Log(sum);
    }
}
