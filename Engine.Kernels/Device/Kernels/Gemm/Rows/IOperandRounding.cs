namespace Engine.Kernels.Device;

/// <summary>What <see cref="Precision"/> does to operands of products that are multiplied in float32.</summary>
internal interface IOperandRounding
{
    /// <summary>For names of kernels: "_bf16", or nothing.</summary>
    static abstract string Suffix { get; }

    /// <summary>What is multiplied instead.</summary>
    static abstract Float4 Round(Float4 x);
}
