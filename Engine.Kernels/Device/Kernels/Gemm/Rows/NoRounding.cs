namespace Engine.Kernels.Device;

/// <summary>Operands as they are.</summary>
internal readonly struct NoRounding : IOperandRounding
{
    public static string Suffix => string.Empty;

    public static Float4 Round(Float4 x) => x;
}
