using Engine.Kernels;

namespace Engine.Fusion;

/// <summary>One parameter tensor of a router, or of a block of routers.</summary>
/// <param name="Name">Name in a checkpoint, for example <c>gate.0.weight</c>.</param>
/// <param name="Offset">First element, counted from the start of the parameters it belongs to.</param>
/// <param name="Shape">Dimensions, row-major; weights are [out, in].</param>
public sealed record RouterTensor(string Name, int Offset, Shape Shape);
