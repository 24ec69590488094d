using System.Collections.Generic;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>Parameters that share one router.</summary>
/// <param name="Name">The module's or the parameter's name; routers are stored under it.</param>
/// <param name="Parameters">At least one; exactly one if routed by row.</param>
/// <param name="Channels">Rows of the routing weights: 1, or the output channels of the parameter if routed by row.</param>
public sealed record Group(string Name, IReadOnlyList<ParameterSpec> Parameters, int Channels);
