using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;

namespace Engine.Tests;

/// <summary>Compilers for the oldest and the newest architecture that count, used for many kernels.</summary>
public sealed class PtxCompilersFixture : IDisposable
{
    private readonly PtxCompiler[] _compilers = [new(CudaArchitecture.SM_80), new(CudaArchitecture.SM_90)];

    public void Dispose() => Array.ForEach(_compilers, static compiler => compiler.Dispose());

    /// <summary>One text per architecture.</summary>
    internal IEnumerable<PtxText> Compile(IDeviceKernel kernel) => _compilers.Select(compiler => PtxText.Of(kernel, compiler));
}
