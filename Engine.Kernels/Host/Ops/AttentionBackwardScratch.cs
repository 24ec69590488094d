namespace Engine.Kernels.Host;

/// <summary>Where the backward pass of one head keeps its blocks; sizes as in <see cref="AttentionBlocks{TIsa, TVector}"/>.</summary>
internal readonly unsafe struct AttentionBackwardScratch<TIsa, TVector>
    where TIsa : struct, IVectorIsa<TVector>
    where TVector : struct
{
    public AttentionBackwardScratch(float* scratch, in AttentionProblem problem)
    {
        int lanes = AttentionBlocks<TIsa, TVector>.Lanes;
        int head = AttentionBlocks<TIsa, TVector>.PaddedHead(problem.HeadSize);
        int keys = AttentionBlocks<TIsa, TVector>.PaddedKeys(problem.KeyTokens);
        HeadVectors = head / TIsa.Width;
        Key = new HeadMatrix(scratch, head);
        Value = new HeadMatrix(Key.Row(keys), head);
        KeyGradient = new HeadMatrix(Value.Row(keys), head);
        ValueGradient = new HeadMatrix(KeyGradient.Row(keys), head);
        QueryRows = new HeadMatrix(ValueGradient.Row(keys), head);
        OutputGradientRows = new HeadMatrix(QueryRows.Row(lanes), head);
        QueryColumns = new HeadMatrix(OutputGradientRows.Row(lanes), lanes);
        OutputGradientColumns = new HeadMatrix(QueryColumns.Row(head), lanes);
        QueryGradientColumns = new HeadMatrix(OutputGradientColumns.Row(head), lanes);
        Probabilities = new HeadMatrix(QueryGradientColumns.Row(head), lanes);
        ScoreGradient = new HeadMatrix(Probabilities.Row(AttentionBlocks<TIsa, TVector>.KeyBlock), lanes);
        LogSumExp = ScoreGradient.Row(AttentionBlocks<TIsa, TVector>.KeyBlock);
        Delta = LogSumExp + lanes;
        Positions = (int*)(Delta + lanes);
    }

    /// <summary>Registers of a padded head.</summary>
    public int HeadVectors { get; }

    /// <summary>[keys, D], visible ones.</summary>
    public HeadMatrix Key { get; }

    /// <summary>[keys, D].</summary>
    public HeadMatrix Value { get; }

    /// <summary>[keys, D].</summary>
    public HeadMatrix KeyGradient { get; }

    /// <summary>[keys, D].</summary>
    public HeadMatrix ValueGradient { get; }

    /// <summary>[lanes, D], scaled.</summary>
    public HeadMatrix QueryRows { get; }

    /// <summary>[lanes, D].</summary>
    public HeadMatrix OutputGradientRows { get; }

    /// <summary>[D, lanes], scaled.</summary>
    public HeadMatrix QueryColumns { get; }

    /// <summary>[D, lanes].</summary>
    public HeadMatrix OutputGradientColumns { get; }

    /// <summary>[D, lanes].</summary>
    public HeadMatrix QueryGradientColumns { get; }

    /// <summary>[key block, lanes].</summary>
    public HeadMatrix Probabilities { get; }

    /// <summary>[key block, lanes].</summary>
    public HeadMatrix ScoreGradient { get; }

    /// <summary>[lanes].</summary>
    public float* LogSumExp { get; }

    /// <summary>[lanes].</summary>
    public float* Delta { get; }

    /// <summary>[keys]: positions of the visible ones.</summary>
    public int* Positions { get; }
}
