namespace Engine.Kernels.Reference;

/// <content>Multi-head attention.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args)
    {
        args.Validate();
        for (int sequence = 0; sequence < args.Batch; sequence++)
        {
            for (int head = 0; head < args.Heads; head++)
            {
                AttentionForward(args, new AttentionHead(args, Info.Precision, sequence, head));
            }
        }
    }

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args)
    {
        args.Validate();
        for (int sequence = 0; sequence < args.Forward.Batch; sequence++)
        {
            for (int head = 0; head < args.Forward.Heads; head++)
            {
                AttentionBackward(args, new AttentionHead(args.Forward, Info.Precision, sequence, head));
            }
        }
    }

    private static void AttentionForward(in AttentionArgs args, in AttentionHead head)
    {
        Elements value = new(args.Value);
        Elements output = new(args.Output);
        Elements logSumExps = new(args.LogSumExp);
        double[] probabilities = new double[head.KeyTokens];
        for (int i = 0; i < head.QueryTokens; i++)
        {
            double logSumExp = head.LogSumExp(i);
            double factor = head.RoundingFactor(i, logSumExp);
            for (int j = 0; j < head.KeyTokens; j++)
            {
                probabilities[j] = head.Round(factor * AttentionHead.Probability(head.Score(i, j), logSumExp)) / factor;
            }

            for (int d = head.FirstColumn; d < head.FirstColumn + head.Size; d++)
            {
                double sum = 0;
                for (int j = 0; j < head.KeyTokens; j++)
                {
                    sum += probabilities[j] * head.Round(value[head.FirstKey + j, d]);
                }

                output[head.FirstQuery + i, d] = sum;
            }

            if (logSumExps.Exist)
            {
                logSumExps[head.FirstLogSumExp + i] = logSumExp;
            }
        }
    }

    private static void AttentionBackward(in AttentionBackwardArgs args, in AttentionHead head)
    {
        Elements dOutput = new(args.OutputGradient);
        double[,] probability = new double[head.QueryTokens, head.KeyTokens];
        double[,] dScore = new double[head.QueryTokens, head.KeyTokens];
        for (int i = 0; i < head.QueryTokens; i++)
        {
            double delta = head.Dot(dOutput, head.FirstQuery + i, new Elements(args.Forward.Output), head.FirstQuery + i);
            for (int j = 0; j < head.KeyTokens; j++)
            {
                double dProbability = head.RoundedDot(dOutput, head.FirstQuery + i, new Elements(args.Forward.Value), head.FirstKey + j);
                probability[i, j] = head.StoredProbability(i, j);
                dScore[i, j] = probability[i, j] * (dProbability - delta);
            }
        }

        Elements query = new(args.Forward.Query);
        Elements key = new(args.Forward.Key);
        WriteQueryGradient(head, dScore, key, new Elements(args.QueryGradient));
        WriteKeyGradient(head, head.Scale, dScore, query, new Elements(args.KeyGradient));
        WriteKeyGradient(head, 1, probability, dOutput, new Elements(args.ValueGradient));
    }

    /// <summary>dq = scale * ds k.</summary>
    private static void WriteQueryGradient(in AttentionHead head, double[,] dScore, Elements key, Elements dQuery)
    {
        for (int i = 0; i < head.QueryTokens; i++)
        {
            for (int d = head.FirstColumn; d < head.FirstColumn + head.Size; d++)
            {
                double sum = 0;
                for (int j = 0; j < head.KeyTokens; j++)
                {
                    sum += head.Round(dScore[i, j]) * head.Round(key[head.FirstKey + j, d]);
                }

                dQuery[head.FirstQuery + i, d] = head.Scale * sum;
            }
        }
    }

    /// <summary>factor * weights^T x, per key: dk from ds and q, dv from p and dout.</summary>
    private static void WriteKeyGradient(in AttentionHead head, double factor, double[,] weights, Elements x, Elements result)
    {
        for (int j = 0; j < head.KeyTokens; j++)
        {
            for (int d = head.FirstColumn; d < head.FirstColumn + head.Size; d++)
            {
                double sum = 0;
                for (int i = 0; i < head.QueryTokens; i++)
                {
                    sum += head.Round(weights[i, j]) * head.Round(x[head.FirstQuery + i, d]);
                }

                result[head.FirstKey + j, d] = factor * sum;
            }
        }
    }
}
