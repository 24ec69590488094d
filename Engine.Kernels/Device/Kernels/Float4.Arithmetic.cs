using ILGPU.Algorithms;

namespace Engine.Kernels.Device;

/// <content>Arithmetic.</content>
internal partial struct Float4
{
    public Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    /// <summary>Four times the same.</summary>
    public static Float4 Broadcast(float value) => new(value, value, value, value);

    /// <summary>sum + a . b.</summary>
    public static float AddDot(float sum, Float4 a, Float4 b) => sum + (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z) + (a.W * b.W);

    /// <summary>sum + factor x.</summary>
    public static Float4 AddScaled(Float4 sum, float factor, Float4 x) =>
        new(sum.X + (factor * x.X), sum.Y + (factor * x.Y), sum.Z + (factor * x.Z), sum.W + (factor * x.W));

    /// <summary>a + b.</summary>
    public static Float4 Add(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    /// <summary>a - b.</summary>
    public static Float4 Subtract(Float4 a, Float4 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z, a.W - b.W);

    /// <summary>a * b, number by number.</summary>
    public static Float4 Multiply(Float4 a, Float4 b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    /// <summary>The larger ones; a number if one of two is NaN.</summary>
    public static Float4 Max(Float4 a, Float4 b) => new(XMath.Max(a.X, b.X), XMath.Max(a.Y, b.Y), XMath.Max(a.Z, b.Z), XMath.Max(a.W, b.W));

    /// <summary>2 to the power of each.</summary>
    public static Float4 Exp2(Float4 x) => new(XMath.Exp2(x.X), XMath.Exp2(x.Y), XMath.Exp2(x.Z), XMath.Exp2(x.W));

    /// <summary>The sum of the four.</summary>
    public static float Sum(Float4 x) => (x.X + x.Y) + (x.Z + x.W);

    /// <summary>The largest of the four.</summary>
    public static float Largest(Float4 x) => XMath.Max(XMath.Max(x.X, x.Y), XMath.Max(x.Z, x.W));
}
