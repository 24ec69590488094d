using System.Reflection;

namespace Engine.Kernels.Device;

/// <summary>A view in a kernel's parameter block: 8 bytes of address, then 8 of length in elements.</summary>
/// <param name="Offset">Where in the block.</param>
/// <param name="ElementBytes">Size of an element.</param>
/// <param name="Name">Of the field, with those that lead to it, for messages.</param>
/// <param name="Path">The fields that lead to it.</param>
internal sealed record ParameterView(int Offset, int ElementBytes, string Name, FieldInfo[] Path);
