using System.Numerics;
using System.Runtime.Intrinsics;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>A function on registers of one instruction set, seen as one of numbers. Every lane must agree.</summary>
internal abstract class VectorFunction
{
    private enum Kind
    {
        Exp,
        Apply,
        Derivative,
    }

    public static VectorFunction Exp(HostIsa isa) => Create(isa, Kind.Exp, Activation.None);

    public static VectorFunction Apply(HostIsa isa, Activation activation) => Create(isa, Kind.Apply, activation);

    public static VectorFunction Derivative(HostIsa isa, Activation activation) => Create(isa, Kind.Derivative, activation);

    public abstract float At(float x);

    private static VectorFunction Create(HostIsa isa, Kind kind, Activation activation)
    {
        Assert.SkipUnless(isa <= HostIsaProbe.Best, $"This processor supports {HostIsaProbe.Best} at most, not {isa}.");
        return isa switch
        {
            HostIsa.Avx512 => new OnRegisters<Avx512Isa, Vector512<float>>(kind, activation),
            HostIsa.Avx2 => new OnRegisters<Avx2Isa, Vector256<float>>(kind, activation),
            _ => new OnRegisters<PortableIsa, Vector<float>>(kind, activation),
        };
    }

    private sealed unsafe class OnRegisters<TIsa, TVector>(Kind kind, Activation activation) : VectorFunction
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : struct
    {
        public override float At(float x)
        {
            float* lanes = stackalloc float[TIsa.Width];
            TVector argument = TIsa.Broadcast(x);
            TVector result = kind switch
            {
                Kind.Exp => VectorExp<TIsa, TVector>.Exp(argument),
                Kind.Apply => ActivationMath<TIsa, TVector>.Apply(activation, argument),
                _ => ActivationMath<TIsa, TVector>.Derivative(activation, argument),
            };
            TIsa.Store(result, lanes);
            for (int i = 1; i < TIsa.Width; i++)
            {
                if (!lanes[i].Equals(lanes[0]))
                {
                    Assert.Fail($"Lane {i} of f({x}) is {lanes[i]}, lane 0 is {lanes[0]}.");
                }
            }

            return lanes[0];
        }
    }
}
