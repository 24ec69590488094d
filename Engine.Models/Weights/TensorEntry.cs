using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>What a safetensors header says about one tensor.</summary>
/// <param name="Name">The tensor's name, unique in its file.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Dimensions of any rank; empty for a scalar.</param>
/// <param name="ByteOffset">First byte, counted from the start of the file.</param>
/// <param name="ByteLength">Size in bytes.</param>
public sealed record TensorEntry(string Name, DType DType, IReadOnlyList<long> Shape, long ByteOffset, long ByteLength)
{
    /// <summary>Product of all dimensions; 1 for a scalar.</summary>
    public long ElementCount => ByteLength / DType.SizeInBytes();

    /// <summary>For example "[768, 3072]"; "[]" for a scalar.</summary>
    public string ShapeText => "[" + string.Join(", ", Shape) + "]";

    /// <summary>For example "'h.0.mlp.c_fc.weight' F32 [768, 3072]".</summary>
    public override string ToString() => $"'{Name}' {SafetensorsDTypes.NameOf(DType)} {ShapeText}";
}
