using System.Reflection;

namespace Engine.Kernels.Device;

/// <summary>A number in a kernel's parameter block.</summary>
/// <param name="Offset">Where in the block.</param>
/// <param name="Path">The fields that lead to it.</param>
internal sealed record ParameterScalar(int Offset, FieldInfo[] Path);
