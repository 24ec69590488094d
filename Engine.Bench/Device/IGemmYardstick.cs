using System;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>Somebody else's matrix product, measured beside the engine's.</summary>
internal interface IGemmYardstick : IDisposable
{
    /// <summary>Name and version.</summary>
    string Name { get; }

    /// <summary>Enqueues C = op(A) op(B) in the order of the backend's own ops: the product alone, whatever epilogue the arguments
    /// ask for.</summary>
    void Gemm(in GemmArgs args);
}
