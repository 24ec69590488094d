using System;

namespace Engine.Kernels.Reference;

/// <content>Normalisations.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void LayerNorm(in LayerNormArgs args)
    {
        args.Validate();
        Elements x = new(args.X);
        Elements y = new(args.Y);
        Elements gamma = new(args.Gamma);
        Elements beta = new(args.Beta);
        Elements means = new(args.Mean);
        Elements reciprocals = new(args.ReciprocalDeviation);
        for (int i = 0; i < x.Rows; i++)
        {
            (double mean, double variance) = Moments(x, i);
            double reciprocal = 1 / Math.Sqrt(variance + args.Epsilon);
            for (int j = 0; j < x.Columns; j++)
            {
                y[i, j] = ((x[i, j] - mean) * reciprocal * gamma[j]) + beta[j];
            }

            if (means.Exist)
            {
                means[i] = mean;
                reciprocals[i] = reciprocal;
            }
        }
    }

    /// <inheritdoc/>
    public void LayerNormBackward(in LayerNormBackwardArgs args)
    {
        args.Validate();

        // The parameter gradients read dy before it may be overwritten in place.
        if (!args.GammaGradient.IsNone)
        {
            LayerNormParameterGradients(args);
        }

        if (!args.InputGradient.IsNone)
        {
            LayerNormInputGradient(args);
        }
    }

    /// <inheritdoc/>
    public void NormalizeRows(TensorRef x, TensorRef y, TensorRef norms)
    {
        OperandCheck check = new("NormalizeRows", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Matrix(nameof(y), y, x.Rows, x.Columns);
        check.Vector(nameof(norms), norms, x.Rows);
        Elements input = new(x);
        Elements output = new(y);
        Elements lengths = new(norms);
        for (int i = 0; i < input.Rows; i++)
        {
            double squares = 0;
            for (int j = 0; j < input.Columns; j++)
            {
                squares += input[i, j] * input[i, j];
            }

            double norm = Math.Sqrt(squares);
            for (int j = 0; j < input.Columns; j++)
            {
                output[i, j] = norm == 0 ? 0 : input[i, j] / norm;
            }

            lengths[i] = norm;
        }
    }

    /// <inheritdoc/>
    public void NormalizeRowsBackward(TensorRef outputGradient, TensorRef y, TensorRef norms, TensorRef inputGradient)
    {
        OperandCheck check = new("NormalizeRowsBackward", y.DType);
        check.Matrix(nameof(outputGradient), outputGradient, y.Rows, y.Columns);
        check.Matrix(nameof(y), y, y.Rows, y.Columns);
        check.Vector(nameof(norms), norms, y.Rows);
        check.Matrix(nameof(inputGradient), inputGradient, y.Rows, y.Columns);
        Elements dy = new(outputGradient);
        Elements output = new(y);
        Elements lengths = new(norms);
        Elements dx = new(inputGradient);
        for (int i = 0; i < output.Rows; i++)
        {
            double projection = 0;
            for (int j = 0; j < output.Columns; j++)
            {
                projection += output[i, j] * dy[i, j];
            }

            for (int j = 0; j < output.Columns; j++)
            {
                dx[i, j] = lengths[i] == 0 ? 0 : (dy[i, j] - (output[i, j] * projection)) / lengths[i];
            }
        }
    }

    private static (double Mean, double Variance) Moments(Elements x, int row)
    {
        double sum = 0;
        for (int j = 0; j < x.Columns; j++)
        {
            sum += x[row, j];
        }

        double mean = sum / x.Columns;
        double squares = 0;
        for (int j = 0; j < x.Columns; j++)
        {
            squares += (x[row, j] - mean) * (x[row, j] - mean);
        }

        return (mean, squares / x.Columns);
    }

    private static void LayerNormParameterGradients(in LayerNormBackwardArgs args)
    {
        Elements dy = new(args.OutputGradient);
        Elements dGamma = new(args.GammaGradient);
        Elements dBeta = new(args.BetaGradient);
        for (int j = 0; j < dy.Columns; j++)
        {
            double gammaSum = args.AccumulateParameterGradients ? dGamma[j] : 0;
            double betaSum = args.AccumulateParameterGradients ? dBeta[j] : 0;
            for (int i = 0; i < dy.Rows; i++)
            {
                gammaSum += dy[i, j] * Normalized(args, i, j);
                betaSum += dy[i, j];
            }

            dGamma[j] = gammaSum;
            dBeta[j] = betaSum;
        }
    }

    private static void LayerNormInputGradient(in LayerNormBackwardArgs args)
    {
        Elements dy = new(args.OutputGradient);
        Elements gamma = new(args.Gamma);
        Elements reciprocals = new(args.ReciprocalDeviation);
        Elements dx = new(args.InputGradient);
        for (int i = 0; i < dy.Rows; i++)
        {
            double mean = 0;
            double projection = 0;
            for (int j = 0; j < dy.Columns; j++)
            {
                double g = dy[i, j] * gamma[j];
                mean += g / dy.Columns;
                projection += g * Normalized(args, i, j) / dy.Columns;
            }

            for (int j = 0; j < dy.Columns; j++)
            {
                double g = dy[i, j] * gamma[j];
                double gradient = reciprocals[i] * (g - mean - (Normalized(args, i, j) * projection));
                dx[i, j] = gradient + (args.AccumulateInputGradient ? dx[i, j] : 0);
            }
        }
    }

    /// <summary>xhat = (x - mean) * rstd.</summary>
    private static double Normalized(in LayerNormBackwardArgs args, int row, int column) =>
        (new Elements(args.X)[row, column] - new Elements(args.Mean)[row]) * new Elements(args.ReciprocalDeviation)[row];
}
