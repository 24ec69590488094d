using System;

namespace Engine.Kernels.Reference;

/// <content>Parameter updates.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void AdamW(in AdamWArgs args)
    {
        args.Validate();
        Elements parameters = new(args.Parameters);
        Elements gradient = new(args.Gradient);
        Elements first = new(args.FirstMoment);
        Elements second = new(args.SecondMoment);
        double rate = args.LearningRate;
        double firstCorrection = 1 - Math.Pow(args.Beta1, args.Step);
        double secondCorrection = 1 - Math.Pow(args.Beta2, args.Step);
        for (long i = 0; i < parameters.Count; i++)
        {
            double g = gradient[i];
            double m = (args.Beta1 * first[i]) + ((1 - args.Beta1) * g);
            double v = (args.Beta2 * second[i]) + ((1 - args.Beta2) * g * g);
            double decayed = parameters[i] * (1 - (rate * args.WeightDecay));
            parameters[i] = decayed - (rate * (m / firstCorrection) / (Math.Sqrt(v / secondCorrection) + args.Epsilon));
            first[i] = m;
            second[i] = v;
        }
    }
}
