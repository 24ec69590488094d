using System;

namespace Engine.Kernels.Reference;

/// <summary>One head of one sequence: Tq queries, Tk keys and values of D numbers each. Operands of products are rounded as
/// <see cref="AttentionArgs.IsRounded"/> says.</summary>
internal readonly unsafe struct AttentionHead
{
    private readonly Elements _query;
    private readonly Elements _key;
    private readonly Elements _logSumExp;
    private readonly byte* _keyMask;
    private readonly bool _causal;
    private readonly double _scale;
    private readonly Precision _precision;

    public AttentionHead(in AttentionArgs args, Precision precision, int sequence, int head)
    {
        _precision = args.IsRounded ? precision : Precision.Float32;
        QueryTokens = args.QueryTokens;
        KeyTokens = args.KeyTokens;
        Size = args.HeadSize;
        FirstQuery = sequence * QueryTokens;
        FirstKey = sequence * KeyTokens;
        FirstColumn = head * Size;
        FirstLogSumExp = (((long)sequence * args.Heads) + head) * QueryTokens;
        _query = new Elements(args.Query);
        _key = new Elements(args.Key);
        _logSumExp = new Elements(args.LogSumExp);
        _keyMask = args.KeyMask.IsNone ? null : HostAddress.Of(args.KeyMask);
        _causal = args.Causal;
        _scale = 1 / Math.Sqrt(Size);
    }

    public int QueryTokens { get; }

    public int KeyTokens { get; }

    /// <summary>D.</summary>
    public int Size { get; }

    /// <summary>1 / sqrt(D).</summary>
    public double Scale => _scale;

    /// <summary>Row of the first query.</summary>
    public int FirstQuery { get; }

    /// <summary>Row of the first key and value.</summary>
    public int FirstKey { get; }

    /// <summary>Column of the head's first number.</summary>
    public int FirstColumn { get; }

    /// <summary>Index of the first query's LogSumExp.</summary>
    public long FirstLogSumExp { get; }

    /// <summary>The score of key j for query i; minus infinity if the key is hidden.</summary>
    public double Score(int i, int j)
    {
        bool masked = _keyMask != null && _keyMask[FirstKey + j] == 0;
        bool later = _causal && j > KeyTokens - QueryTokens + i;
        return masked || later ? double.NegativeInfinity : _scale * RoundedDot(_query, FirstQuery + i, _key, FirstKey + j);
    }

    /// <summary>ln sum_j exp(score(i, j)); minus infinity if query i sees no key.</summary>
    public double LogSumExp(int i)
    {
        double maximum = LargestScore(i);
        double sum = 0;
        for (int j = 0; j < KeyTokens && maximum > double.NegativeInfinity; j++)
        {
            sum += Math.Exp(Score(i, j) - maximum);
        }

        return maximum + Math.Log(sum);
    }

    /// <summary>By what probabilities of query i are multiplied while they are rounded. Kernels round them before they know the sum, as
    /// 2^(score - shift) with a whole number as shift: any power of two would do as well.</summary>
    public double RoundingFactor(int i, double logSumExp) =>
        double.IsNegativeInfinity(logSumExp) ? 1 : Math.Exp(logSumExp - (Math.Ceiling(LargestScore(i) / Math.Log(2)) * Math.Log(2)));

    /// <summary>An operand of a product.</summary>
    public double Round(double value) => OperandRounding.Round(value, _precision);

    /// <summary>p(i, j), from the LogSumExp that the forward pass left.</summary>
    public double StoredProbability(int i, int j) => Probability(Score(i, j), _logSumExp[FirstLogSumExp + i]);

    /// <summary>exp(score - logSumExp), zero for a hidden key.</summary>
    public static double Probability(double score, double logSumExp) =>
        double.IsNegativeInfinity(score) ? 0 : Math.Exp(score - logSumExp);

    /// <summary>Inner product of this head's columns of two rows.</summary>
    public double Dot(Elements x, int xRow, Elements y, int yRow)
    {
        double sum = 0;
        for (int d = FirstColumn; d < FirstColumn + Size; d++)
        {
            sum += x[xRow, d] * y[yRow, d];
        }

        return sum;
    }

    /// <summary>The same of rounded numbers.</summary>
    public double RoundedDot(Elements x, int xRow, Elements y, int yRow)
    {
        double sum = 0;
        for (int d = FirstColumn; d < FirstColumn + Size; d++)
        {
            sum += Round(x[xRow, d]) * Round(y[yRow, d]);
        }

        return sum;
    }

    private double LargestScore(int i)
    {
        double maximum = double.NegativeInfinity;
        for (int j = 0; j < KeyTokens; j++)
        {
            maximum = Math.Max(maximum, Score(i, j));
        }

        return maximum;
    }
}
