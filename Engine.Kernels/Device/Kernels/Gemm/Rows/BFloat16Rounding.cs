namespace Engine.Kernels.Device;

/// <summary>To BF16: nearest, ties to even.</summary>
internal readonly struct BFloat16Rounding : IOperandRounding
{
    public static string Suffix => "_to_bf16";

    public static Float4 Round(Float4 x) => new(Round(x.X), Round(x.Y), Round(x.Z), Round(x.W));

    private static float Round(float x) => BFloat16Format.Widen(BFloat16Format.Narrow(x));
}
