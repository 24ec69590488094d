namespace Engine.Kernels.Host;

/// <content>Attention.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void Attention(in AttentionArgs args)
    {
        args.Validate();
        AttentionProblem problem = Describe(args);
        if (problem.QueryTokens == 1)
        {
            Run(
                problem.Tiles,
                new AttentionSingleQuery
                {
                    Problem = problem,
                    Scratch = _workspace.PerWorker(_pool.Workers, AttentionSingleQuery.ScratchBytes(problem)),
                });
            return;
        }

        Run(
            problem.Tiles,
            new AttentionForward
            {
                Problem = problem,
                Scratch = _workspace.PerWorker(_pool.Workers, AttentionForward.ScratchBytes(problem)),
            });
    }

    /// <inheritdoc/>
    public void AttentionBackward(in AttentionBackwardArgs args)
    {
        args.Validate();
        AttentionProblem problem = Describe(args.Forward);
        Run(
            problem.Tiles,
            new AttentionBackward
            {
                Problem = problem,
                OutputGradient = Matrix(args.OutputGradient),
                QueryGradient = Matrix(args.QueryGradient),
                KeyGradient = Matrix(args.KeyGradient),
                ValueGradient = Matrix(args.ValueGradient),
                Scratch = _workspace.PerWorker(_pool.Workers, Host.AttentionBackward.ScratchBytes(problem)),
            });
    }

    private static AttentionProblem Describe(in AttentionArgs args) => new()
    {
        Query = Matrix(args.Query),
        Key = Matrix(args.Key),
        Value = Matrix(args.Value),
        Output = Matrix(args.Output),
        LogSumExp = Floats(args.LogSumExp),
        KeyMask = args.KeyMask.IsNone ? null : Bytes(args.KeyMask),
        Batch = args.Batch,
        Heads = args.Heads,
        QueryTokens = args.QueryTokens,
        KeyTokens = args.KeyTokens,
        HeadSize = args.HeadSize,
        Causal = args.Causal,
    };

    private static HeadMatrix Matrix(in TensorRef tensor) => new(Floats(tensor), tensor.RowStride);
}
