namespace Engine.Kernels.Host;

/// <content>Optimizers.</content>
public sealed unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public void AdamW(in AdamWArgs args)
    {
        args.Validate();
        Run(
            ElementBlocks.Count(args.Parameters.ElementCount),
            AdamWStep.Create(
                args, Floats(args.Parameters), Floats(args.Gradient), Floats(args.FirstMoment), Floats(args.SecondMoment)));
    }
}
