using System;

namespace Engine.Kernels.Device;

/// <content>Parameter updates.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void AdamW(in AdamWArgs args)
    {
        args.Validate();
        AdamWKernel.Launch(_launcher, new()
        {
            Parameters = Floats(args.Parameters),
            Gradient = Floats(args.Gradient),
            FirstMoment = Floats(args.FirstMoment),
            SecondMoment = Floats(args.SecondMoment),
            Count = Count(args.Parameters),
            IsAligned = AreAligned(args.Parameters, args.Gradient, args.FirstMoment, args.SecondMoment),
            Retained = (float)(1 - ((double)args.LearningRate * args.WeightDecay)),
            FirstRate = (float)(1 - args.Beta1),
            SecondDecay = (float)args.Beta2,
            SecondRate = (float)(1 - args.Beta2),
            StepSize = (float)(args.LearningRate / (1 - Math.Pow(args.Beta1, args.Step))),
            RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(args.Beta2, args.Step))),
            Epsilon = args.Epsilon,
        });
    }
}
